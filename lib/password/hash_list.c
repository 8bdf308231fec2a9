/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/list_file.h"

#include <string.h>

enum {
	WINDOW = 4096,     /* bytes read at a time */
	LINE_LONGEST = 64, /* 40 digits, a colon, a count, CR LF */
	PROBES_MAX = 128,  /* halving a file of 2^63 bytes takes less */
	CHECK_PROBES = 256 /* windows that a check reads */
};

/* A stretch of the file that begins and ends at line ends, and the hashes that enclose it. */
struct stretch {
	off_t from;
	off_t to;
	uint8_t least[SHA1_BYTES];
	uint8_t most[SHA1_BYTES];
};

/* What one window says: the lines that lie in it whole, in order, and whether the hash is there. */
struct window {
	off_t from; /* of the first whole line */
	off_t to;   /* behind the last one */
	uint8_t first[SHA1_BYTES];
	uint8_t last[SHA1_BYTES];
	bool found;
};

static int digit_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool read_digits(uint8_t hash[SHA1_BYTES], const uint8_t *text)
{
	for (size_t i = 0; i < SHA1_BYTES; i++) {
		int high = digit_value(text[2 * i]);
		int low = digit_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		hash[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* What may stand behind the digits: nothing, or a colon and a count; then perhaps CR. */
static bool is_rest(const uint8_t *text, size_t len)
{
	size_t i = 0;

	if (i < len && text[i] == ':') {
		for (i++; i < len && text[i] >= '0' && text[i] <= '9';)
			i++;
		if (i == 1)
			return false;
	}
	if (i < len && text[i] == '\r')
		i++;
	return i == len;
}

static bool read_hash(uint8_t hash[SHA1_BYTES], const uint8_t *line, size_t len)
{
	enum { DIGITS = 2 * SHA1_BYTES };

	return len >= DIGITS && read_digits(hash, line) && is_rest(line + DIGITS, len - DIGITS);
}

static size_t line_length(const uint8_t *text, size_t len)
{
	const uint8_t *end = memchr(text, '\n', len);

	return end ? (size_t)(end - text) : len;
}

bool hash_list_begins(const uint8_t *bytes, size_t len)
{
	uint8_t hash[SHA1_BYTES];

	return read_hash(hash, bytes, line_length(bytes, len));
}

static int compare(const uint8_t a[SHA1_BYTES], const uint8_t b[SHA1_BYTES])
{
	return memcmp(a, b, SHA1_BYTES);
}

/* Reads one line of a window; each must be a hash, and not below the one before it. */
static enum status take_line(struct window *window, const uint8_t *line, size_t len, bool first,
			     const uint8_t wanted[SHA1_BYTES])
{
	uint8_t hash[SHA1_BYTES];

	if (!read_hash(hash, line, len))
		return ST_CORRUPT;
	if (first)
		memcpy(window->first, hash, sizeof(hash));
	else if (compare(hash, window->last) < 0)
		return ST_CORRUPT;
	memcpy(window->last, hash, sizeof(hash));
	window->found |= wanted && compare(hash, wanted) == 0;
	return ST_OK;
}

/* Takes the whole lines out of text, which ends at the end of a line if `ends`. */
static enum status take_lines(struct window *window, const uint8_t *text, size_t len, bool ends,
			      const uint8_t wanted[SHA1_BYTES])
{
	size_t at = 0;

	while (at < len) {
		size_t line = line_length(text + at, len - at);
		bool whole = at + line < len || ends;

		if (!whole)
			break;
		enum status s = take_line(window, text + at, line, at == 0, wanted);
		if (s != ST_OK)
			return s;
		at += at + line < len ? line + 1 : line;
	}
	window->to = window->from + (off_t)at;
	return at == 0 ? ST_CORRUPT : ST_OK;
}

/* The window at `at`, which may lie in the middle of a line unless it is where the stretch begins.
 */
static enum status read_window(const struct list_file *file, const struct stretch *stretch,
			       off_t at, const uint8_t wanted[SHA1_BYTES], struct window *window)
{
	uint8_t text[WINDOW];
	size_t len = stretch->to - at < WINDOW ? (size_t)(stretch->to - at) : WINDOW;
	size_t skip = 0;
	enum status s = list_read(file, text, len, at);

	if (s != ST_OK)
		return s;
	if (at > stretch->from)
		skip = line_length(text, len) + 1;
	if (skip >= len)
		return ST_CORRUPT;
	*window = (struct window){.from = at + (off_t)skip};
	return take_lines(window, text + skip, len - skip, at + (off_t)len == stretch->to, wanted);
}

/* The order across windows: what lies in a stretch lies between the hashes that enclose it. */
static bool is_enclosed(const struct stretch *stretch, const struct window *window)
{
	return compare(window->first, stretch->least) >= 0 &&
	       compare(window->last, stretch->most) <= 0;
}

static uint64_t leading(const uint8_t hash[SHA1_BYTES])
{
	uint64_t value = 0;

	for (size_t i = 0; i < sizeof(value); i++)
		value = value << 8 | hash[i];
	return value;
}

/* Where the hash should lie if the hashes are spread evenly; every third time the middle. */
static off_t guess(const struct stretch *stretch, const uint8_t wanted[SHA1_BYTES], unsigned probe)
{
	off_t room = stretch->to - stretch->from - WINDOW;
	uint64_t low = leading(stretch->least);
	uint64_t high = leading(stretch->most);
	uint64_t value = leading(wanted);
	double part = 0.5;

	if (room <= 0)
		return stretch->from;
	if (probe % 3 != 2 && low < high && value >= low && value <= high)
		part = (double)(value - low) / (double)(high - low);
	off_t at = (off_t)((double)(room + WINDOW) * part) - WINDOW / 2;
	if (at < 0)
		at = 0;
	return stretch->from + (at < room ? at : room);
}

/* Leaves what lies before or behind the window; nothing when the window covers the place. */
static void narrow(struct stretch *stretch, const struct window *window,
		   const uint8_t wanted[SHA1_BYTES])
{
	if (compare(wanted, window->first) < 0) {
		stretch->to = window->from;
		memcpy(stretch->most, window->first, SHA1_BYTES);
	} else if (compare(wanted, window->last) > 0) {
		stretch->from = window->to;
		memcpy(stretch->least, window->last, SHA1_BYTES);
	} else {
		stretch->to = stretch->from;
	}
}

static struct stretch whole(const struct list_file *file)
{
	struct stretch stretch = {.from = 0, .to = file->size};

	memset(stretch.most, 0xFF, sizeof(stretch.most));
	return stretch;
}

enum status hash_list_has(const struct list_file *file, const uint8_t hash[SHA1_BYTES],
			  bool *listed)
{
	struct stretch stretch = whole(file);
	struct window window = {.found = false};

	for (unsigned probe = 0; stretch.from < stretch.to && !window.found; probe++) {
		enum status s = ST_CORRUPT;

		if (probe < PROBES_MAX)
			s = read_window(file, &stretch, guess(&stretch, hash, probe), hash,
					&window);
		if (s != ST_OK)
			return s;
		if (!is_enclosed(&stretch, &window))
			return ST_CORRUPT;
		narrow(&stretch, &window, hash);
	}
	*listed = window.found;
	return ST_OK;
}

/* Two windows in their order: the second begins where the first one ends, behind it, or in it. */
static bool is_in_order(const struct window *earlier, const struct window *later)
{
	if (later->from >= earlier->to)
		return compare(later->first, earlier->last) >= 0;
	return compare(later->first, earlier->first) >= 0;
}

/* Small files are read whole: the windows then overlap by more than a line. */
enum status hash_list_check(const struct list_file *file)
{
	struct stretch all = whole(file);
	struct window earlier = {.found = false};
	off_t last = file->size > WINDOW ? file->size - WINDOW : 0;
	off_t step = last / CHECK_PROBES;

	if (step < WINDOW - LINE_LONGEST)
		step = WINDOW - LINE_LONGEST;
	for (off_t at = 0; at < last + step; at += step) {
		struct window window;
		enum status s = read_window(file, &all, at < last ? at : last, NULL, &window);

		if (s != ST_OK)
			return s;
		if (!is_in_order(&earlier, &window))
			return ST_CORRUPT;
		earlier = window;
	}
	return ST_OK;
}
