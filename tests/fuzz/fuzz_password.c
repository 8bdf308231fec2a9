/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * password_judge against a second, naive implementation of the same rules. The input is five
 * minima, a byte of switches, four lengths, and the texts: old, user, full name, host, candidate.
 */
#include "policy/characters.h"
#include "policy/password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 512, HEADER = 11 };

/* Text as the naive side sees it: an array of numbers. */
struct line {
	size_t size;
	uint32_t at[MOST];
};

static const char *const rows[] = {
    "abcdefghijklmnopqrstuvwxyz",
    "012345678901234567890",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "!@#$%^&*()_+",
    "qwertyuiop{}|",
    "asdfghjkl:\"",
    "zxcvbnm<>?",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "!qaz",
    "@wsx",
    "#edc",
    "$rfv",
    "%tgb",
    "^yhn",
    "&ujm",
    "*ik<",
    "(ol>",
    "qwertzuiopü+",
    "asdfghjklöä#",
    "yxcvbnm,.-",
    "1234567890ß",
    "!\"§$%&/()=?",
    "yxcvbnm;:_",
    "1qay",
    "6zhn",
    "!qay",
    "\"wsx",
    "azertyuiop^$",
    "qsdfghjklmù*",
    "wxcvbn,;:!",
    "&é\"'(-è_çà)=",
    "wxcvbn?./§",
    "1aqw",
    "2zsx",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
};

static size_t encode(uint32_t point, uint8_t out[4])
{
	if (point < 0x80) {
		out[0] = (uint8_t)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (uint8_t)(0xC0 + point / 64);
		out[1] = (uint8_t)(0x80 + point % 64);
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (uint8_t)(0xE0 + point / 4096);
		out[1] = (uint8_t)(0x80 + point / 64 % 64);
		out[2] = (uint8_t)(0x80 + point % 64);
		return 3;
	}
	out[0] = (uint8_t)(0xF0 + point / 262144);
	out[1] = (uint8_t)(0x80 + point / 4096 % 64);
	out[2] = (uint8_t)(0x80 + point / 64 % 64);
	out[3] = (uint8_t)(0x80 + point % 64);
	return 4;
}

/* Reads a number of each width and keeps the one that, written again, gives the same bytes. */
static size_t decode(const uint8_t *bytes, size_t size, uint32_t *point)
{
	static const uint32_t head[] = {0, 0, 0xC0, 0xE0, 0xF0};

	for (size_t width = 1; width <= 4 && width <= size; width++) {
		uint32_t value = bytes[0] - head[width];
		uint8_t again[4];

		for (size_t i = 1; i < width; i++)
			value = value * 64 + bytes[i] - 0x80;
		if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
			continue;
		if (encode(value, again) == width && memcmp(again, bytes, width) == 0) {
			*point = value;
			return width;
		}
	}
	return 0;
}

static bool read_line(struct line *line, const uint8_t *bytes, size_t size, bool strict)
{
	line->size = 0;
	for (size_t i = 0; i < size && i < PASSWORD_MAX_BYTES;) {
		size_t width =
		    decode(bytes + i, (size < 511 ? size : 511) - i, &line->at[line->size]);

		if (width == 0 && strict)
			return false;
		if (width == 0) {
			line->at[line->size] = 0x110000 + (uint32_t)bytes[i];
			width = 1;
		}
		line->size++;
		i += width;
	}
	return true;
}

static void to_lower(struct line *line)
{
	for (size_t i = 0; i < line->size; i++) {
		if (line->at[i] < 0x80)
			line->at[i] += line->at[i] >= 'A' && line->at[i] <= 'Z' ? 32 : 0;
		else
			line->at[i] = character_to_lower(line->at[i]);
	}
}

static size_t count_class(const struct line *line, enum character_class class)
{
	static const char *const ascii[CHARACTER_CLASSES] = {
	    [CHARACTER_UPPER] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	    [CHARACTER_LOWER] = "abcdefghijklmnopqrstuvwxyz",
	    [CHARACTER_DIGIT] = "0123456789",
	    [CHARACTER_SPECIAL] = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
	};
	size_t count = 0;

	for (size_t i = 0; i < line->size; i++) {
		uint32_t point = line->at[i];

		if (point >= 0x80)
			count += character_class(point) == class;
		else if (class == CHARACTER_CONTROL)
			count += point < 32 || point == 127;
		else
			count +=
			    point != 0 && ascii[class] && strchr(ascii[class], (int)point) != NULL;
	}
	return count;
}

static struct line reversed(const struct line *line)
{
	struct line other = {line->size, {0}};

	for (size_t i = 0; i < line->size; i++)
		other.at[i] = line->at[line->size - 1 - i];
	return other;
}

static bool same(const uint32_t *a, const uint32_t *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (a[i] != b[i])
			return false;
	}
	return true;
}

static bool part_of(const struct line *whole, const uint32_t *part, size_t size)
{
	for (size_t i = 0; i + size <= whole->size; i++) {
		if (same(whole->at + i, part, size))
			return true;
	}
	return false;
}

static struct line both_ways[2 * sizeof(rows) / sizeof(rows[0])];

/* Which pairs stand side by side in any row, by a coarse hash: most places need no search. */
static bool side_by_side[1024];

static size_t pair_of(const uint32_t *at)
{
	return (at[0] * 31 + at[1]) % 1024;
}

static void read_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_line(&both_ways[2 * i], (const uint8_t *)rows[i], strlen(rows[i]), true);
		both_ways[2 * i + 1] = reversed(&both_ways[2 * i]);
		for (size_t j = 0; j + 1 < both_ways[2 * i].size; j++) {
			side_by_side[pair_of(both_ways[2 * i].at + j)] = true;
			side_by_side[pair_of(both_ways[2 * i + 1].at + j)] = true;
		}
	}
}

static size_t run(const struct line *line, size_t from)
{
	size_t longest = 1;

	if (from + 4 > line->size || !side_by_side[pair_of(line->at + from)])
		return 1;
	for (size_t row = 0; row < sizeof(both_ways) / sizeof(both_ways[0]); row++) {
		for (size_t size = longest < 4 ? 4 : longest + 1;
		     from + size <= line->size && part_of(&both_ways[row], line->at + from, size);
		     size++)
			longest = size;
	}
	return longest;
}

static bool cut_one_block(struct line *line)
{
	for (size_t size = 1; 2 * size <= line->size; size++) {
		for (size_t i = 0; i + 2 * size <= line->size; i++) {
			if (!same(line->at + i, line->at + i + size, size))
				continue;
			for (size_t j = i; j + size < line->size; j++)
				line->at[j] = line->at[j + size];
			line->size -= size;
			return true;
		}
	}
	return false;
}

static size_t left_of(const struct line *lower)
{
	struct line line = {0};

	for (size_t i = 0; i < lower->size; i += run(lower, i))
		line.at[line.size++] = lower->at[i];
	while (cut_one_block(&line))
		;
	return line.size;
}

static bool stands_for(uint32_t typed, uint32_t letter)
{
	static const char *const like[128] = {['o'] = "0",  ['i'] = "1",  ['l'] = "1", ['e'] = "3",
					      ['a'] = "4@", ['s'] = "5$", ['t'] = "7"};

	return typed == letter || (letter < 128 && typed < 128 && typed != 0 && like[letter] &&
				   strchr(like[letter], (int)typed));
}

static bool named(const struct line *lower, const struct line *name, size_t shortest)
{
	struct line back = reversed(name);

	for (size_t i = 0; name->size >= shortest && i + name->size <= lower->size; i++) {
		size_t ahead = 0;
		size_t behind = 0;

		for (size_t j = 0; j < name->size; j++) {
			ahead += stands_for(lower->at[i + j], name->at[j]);
			behind += stands_for(lower->at[i + j], back.at[j]);
		}
		if (ahead == name->size || behind == name->size)
			return true;
	}
	return false;
}

static bool splits(uint32_t point)
{
	if (point == 0 || point >= 0x7F)
		return point == 0 || point == 0x7F || character_class(point) == CHARACTER_SPECIAL ||
		       character_class(point) == CHARACTER_CONTROL;
	return point < 32 || strchr(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", (int)point) != NULL;
}

static bool word_named(const struct line *lower, const struct line *name)
{
	struct line word = {0};
	bool found = false;

	for (size_t i = 0; i <= name->size; i++) {
		if (i < name->size && !splits(name->at[i])) {
			word.at[word.size++] = name->at[i];
		} else {
			found = found || named(lower, &word, 4);
			word.size = 0;
		}
	}
	return found;
}

static struct line without_splits(const struct line *name)
{
	struct line joined = {0};

	for (size_t i = 0; i < name->size; i++) {
		if (!splits(name->at[i]))
			joined.at[joined.size++] = name->at[i];
	}
	return joined;
}

static struct line before(const struct line *name, uint32_t end)
{
	struct line part = *name;

	for (size_t i = 0; i < part.size; i++) {
		if (part.at[i] == end)
			part.size = i;
	}
	return part;
}

static uint32_t name_rules(const struct line *lower, const struct password_facts *facts)
{
	struct line name;
	struct line joined;
	uint32_t unmet = 0;

	read_line(&name, facts->user.bytes, facts->user.len, false);
	to_lower(&name);
	joined = without_splits(&name);
	if (named(lower, &name, 3) || named(lower, &joined, 3) || word_named(lower, &name))
		unmet |= 1U << PASSWORD_HAS_USER;
	read_line(&name, facts->full_name.bytes, facts->full_name.len, false);
	to_lower(&name);
	name = before(&name, ',');
	joined = without_splits(&name);
	if (named(lower, &joined, 4) || word_named(lower, &name))
		unmet |= 1U << PASSWORD_HAS_FULL_NAME;
	read_line(&name, facts->host.bytes, facts->host.len, false);
	to_lower(&name);
	name = before(&name, '.');
	joined = without_splits(&name);
	if (named(lower, &name, 4) || named(lower, &joined, 4))
		unmet |= 1U << PASSWORD_HAS_HOST;
	return unmet;
}

static uint32_t old_rules(const struct line *lower, const struct password_bytes *old_password,
			  uint32_t min_changed)
{
	struct line old;
	struct line back;
	size_t fresh = 0;
	uint32_t unmet = 0;

	read_line(&old, old_password->bytes, old_password->len, false);
	to_lower(&old);
	back = reversed(&old);
	for (size_t i = 0; i < lower->size; i++)
		fresh += !part_of(&old, &lower->at[i], 1);
	if (fresh < min_changed)
		unmet |= 1U << PASSWORD_CHANGED;
	if (old.size == lower->size &&
	    (same(old.at, lower->at, old.size) || same(back.at, lower->at, old.size)))
		unmet |= 1U << PASSWORD_SAME;
	return unmet;
}

static uint32_t naive(const struct password_rules *rules, struct password_bytes candidate,
		      const struct password_facts *facts)
{
	struct line line;
	struct line lower;
	size_t left;
	uint32_t unmet = 0;

	if (candidate.len > 511)
		return 1U << PASSWORD_TOO_LONG;
	if (!read_line(&line, candidate.bytes, candidate.len, true))
		return 1U << PASSWORD_NOT_UTF8;
	lower = line;
	to_lower(&lower);
	unmet |= (uint32_t)(line.size < rules->min_length) << PASSWORD_LENGTH;
	unmet |= (uint32_t)(count_class(&line, CHARACTER_UPPER) < rules->min_upper)
		 << PASSWORD_UPPER;
	unmet |= (uint32_t)(count_class(&line, CHARACTER_LOWER) < rules->min_lower)
		 << PASSWORD_LOWER;
	unmet |= (uint32_t)(count_class(&line, CHARACTER_DIGIT) < rules->min_digit)
		 << PASSWORD_DIGIT;
	unmet |= (uint32_t)(count_class(&line, CHARACTER_SPECIAL) < rules->min_special)
		 << PASSWORD_SPECIAL;
	unmet |= (uint32_t)(count_class(&line, CHARACTER_CONTROL) > 0) << PASSWORD_HAS_CONTROL;
	left = left_of(&lower);
	unmet |= (uint32_t)(left < line.size && left < 6) << PASSWORD_REPETITION;
	if (facts->old_password.bytes)
		unmet |= old_rules(&lower, &facts->old_password, rules->min_changed);
	if (rules->reject_names)
		unmet |= name_rules(&lower, facts);
	return unmet;
}

static struct password_bytes take(const uint8_t **data, size_t *size, size_t wanted)
{
	struct password_bytes taken = {*data, wanted < *size ? wanted : *size};

	*data += taken.len;
	*size -= taken.len;
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t header[HEADER];
	const uint8_t *head = size >= HEADER ? data : header;
	const struct password_rules rules = {head[0] % 32,      head[1] % 8, head[2] % 8,
					     head[3] % 8,       head[4] % 8, head[5] % 8,
					     (head[6] & 1) != 0};
	struct password_facts facts = {0};
	struct password_report report;

	if (both_ways[0].size == 0)
		read_rows();
	data += size >= HEADER ? HEADER : 0;
	size -= size >= HEADER ? HEADER : 0;
	facts.old_password = take(&data, &size, head[7] % 64);
	facts.user = take(&data, &size, head[8] % 32);
	facts.full_name = take(&data, &size, head[9] % 64);
	facts.host = take(&data, &size, head[10] % 32);
	if (head[6] & 2)
		facts.old_password.bytes = NULL;
	report = password_judge(&rules, (struct password_bytes){data, size}, &facts);
	/* The list of common passwords is data: there is nothing to recount. */
	if (!report.judged || (report.unmet & ~(1U << PASSWORD_LISTED)) !=
				  naive(&rules, (struct password_bytes){data, size}, &facts)) {
		fprintf(stderr, "unmet %x, naive %x\n", report.unmet,
			naive(&rules, (struct password_bytes){data, size}, &facts));
		abort();
	}
	return 0;
}
