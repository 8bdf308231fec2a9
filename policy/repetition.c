/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/repetition.h"

#include <string.h>
#include <uchar.h>

enum { SHORTEST_RUN = 4 };

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char32_t *const rows[] = {
    /* alphabets and digits */
    U"abcdefghijklmnopqrstuvwxyz",
    U"αβγδεζηθικλμνξοπρστυφχψω",
    U"абвгдежзийклмнопрстуфхцчшщъыьэюя",
    U"012345678901234567890",
    /* qwerty */
    U"qwertyuiop[]\\",
    U"asdfghjkl;'",
    U"zxcvbnm,./",
    U"1234567890-=",
    U"!@#$%^&*()_+",
    U"qwertyuiop{}|",
    U"asdfghjkl:\"",
    U"zxcvbnm<>?",
    /* its columns, to the right and to the left */
    U"1qaz",
    U"2wsx",
    U"3edc",
    U"4rfv",
    U"5tgb",
    U"6yhn",
    U"7ujm",
    U"8ik,",
    U"9ol.",
    U"0p;/",
    U"!qaz",
    U"@wsx",
    U"#edc",
    U"$rfv",
    U"%tgb",
    U"^yhn",
    U"&ujm",
    U"*ik<",
    U"(ol>",
    /* qwertz */
    U"qwertzuiopü+",
    U"asdfghjklöä#",
    U"yxcvbnm,.-",
    U"1234567890ß",
    U"!\"§$%&/()=?",
    U"yxcvbnm;:_",
    U"1qay",
    U"2wsx",
    U"6zhn",
    U"!qay",
    U"\"wsx",
    /* azerty */
    U"azertyuiop^$",
    U"qsdfghjklmù*",
    U"wxcvbn,;:!",
    U"&é\"'(-è_çà)=",
    U"wxcvbn?./§",
    U"1aqw",
    U"2zsx",
    /* йцукен */
    U"йцукенгшщзхъ",
    U"фывапролджэ",
    U"ячсмитьбю",
};

/* How many characters from text on follow the row from place on, in steps of step (1 or -1). */
static size_t run_from(const uint32_t *text, size_t left, const char32_t *row, size_t place,
		       size_t size, int step)
{
	size_t run = 0;

	while (run < left && place < size && text[run] == row[place]) {
		run++;
		place += (size_t)step;
	}
	return run;
}

static size_t run_in_row(const uint32_t *text, size_t left, const char32_t *row)
{
	size_t size = 0;
	size_t longest = 0;

	while (row[size] != 0)
		size++;
	for (size_t place = 0; place < size; place++) {
		size_t forwards = run_from(text, left, row, place, size, 1);
		size_t backwards = run_from(text, left, row, place, size, -1);

		if (forwards > longest)
			longest = forwards;
		if (backwards > longest)
			longest = backwards;
	}
	return longest;
}

static size_t run_at(const uint32_t *text, size_t left)
{
	size_t longest = 1;

	if (left < SHORTEST_RUN)
		return longest;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t run = run_in_row(text, left, rows[i]);

		if (run >= SHORTEST_RUN && run > longest)
			longest = run;
	}
	return longest;
}

static void collapse_runs(struct characters *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->count;) {
		size_t run = run_at(text->at + i, text->count - i);

		text->at[kept++] = text->at[i];
		i += run;
	}
	text->count = kept;
}

static bool is_repeated(const struct characters *text, size_t from, size_t block)
{
	return memcmp(text->at + from, text->at + from + block, block * sizeof(text->at[0])) == 0;
}

static void cut(struct characters *text, size_t from, size_t block)
{
	size_t rest = text->count - from - block;

	memmove(text->at + from, text->at + from + block, rest * sizeof(text->at[0]));
	text->count -= block;
}

/* Cuts the leftmost immediate repetition of a block of this length; says whether there was one. */
static bool collapse_block(struct characters *text, size_t block)
{
	for (size_t from = 0; from + 2 * block <= text->count; from++) {
		if (is_repeated(text, from, block)) {
			cut(text, from, block);
			return true;
		}
	}
	return false;
}

static void collapse_doubles(struct characters *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->count; i++) {
		if (kept == 0 || text->at[i] != text->at[kept - 1])
			text->at[kept++] = text->at[i];
	}
	text->count = kept;
}

void repetition_collapse(struct characters *text)
{
	characters_to_lower(text);
	collapse_runs(text);
	collapse_doubles(text);
	for (size_t block = 2; 2 * block <= text->count;)
		/* Cutting a block can make shorter repetitions, but never a doubled character. */
		block = collapse_block(text, block) ? 2 : block + 1;
}
