/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/conf/value.h"

#include "lib/base/number.h"
#include "lib/base/safe_path.h"

#include <string.h>

/* One value on its way from text. */
struct job {
	const struct tunable *tunable;
	char *text;
	struct arena *arena;
	struct complaint *complaint;
};

static enum status reject(const struct job *job, const char *problem)
{
	return complain(job->complaint, job->text, problem);
}

static enum status parse_flag(const struct job *job, bool *flag)
{
	*flag = strcmp(job->text, "yes") == 0;
	if (!*flag && strcmp(job->text, "no") != 0)
		return reject(job, "neither yes nor no");
	return ST_OK;
}

static enum status parse_number(const struct job *job, uint32_t *number)
{
	uint64_t value = 0;
	enum status s = number_parse(job->text, job->tunable->low, job->tunable->high, &value);

	if (s == ST_RANGE)
		return reject(job, "out of range");
	if (s != ST_OK || value > UINT32_MAX)
		return reject(job, "not a number");
	*number = (uint32_t)value;
	return ST_OK;
}

static enum status parse_duration(const struct job *job, uint64_t *seconds)
{
	enum status s = duration_parse(job->text, job->tunable->low, job->tunable->high, seconds);

	if (s == ST_RANGE)
		return reject(job, "out of range");
	return s == ST_OK ? ST_OK : reject(job, "not a time like 90s, 15m, 8h or 7d");
}

static enum status parse_date(const struct job *job, int64_t *date)
{
	*date = 0;
	if (job->text[0] == '\0')
		return ST_OK;
	enum status s = date_parse(job->text, date);
	return s == ST_OK ? ST_OK : reject(job, "not a day like 2026-11-30");
}

static enum status parse_choice(const struct job *job, int *value)
{
	for (const struct choice *c = job->tunable->choices; c->word; c++) {
		if (strcmp(c->word, job->text) == 0) {
			*value = c->value;
			return ST_OK;
		}
	}
	return reject(job, "not one of the words this option knows");
}

static enum status parse_text(const struct job *job, const char **text)
{
	size_t length = strlen(job->text);

	for (const char *c = job->text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			return reject(job, "not printable ASCII");
	if (length < job->tunable->low)
		return reject(job, "empty or too short");
	if (length > job->tunable->high)
		return reject(job, "too long");
	*text = job->text;
	return ST_OK;
}

static enum status parse_path(const struct job *job, const char **path)
{
	*path = job->text;
	if (job->text[0] == '\0' && job->tunable->low == 0)
		return ST_OK;
	if (!safe_path_is_clean(job->text))
		return reject(job, "not an absolute path without . and .. and double slashes");
	return strlen(job->text) > job->tunable->high ? reject(job, "too long") : ST_OK;
}

static bool is_service_name(const char *word)
{
	/* libpam makes every service name small, so one with capitals would never match. */
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789._@+:-";

	return word[strspn(word, allowed)] == '\0';
}

static enum status parse_words(const struct job *job, struct word_list *words)
{
	enum status s = words_split(job->text, job->arena, words);

	if (s != ST_OK)
		return s;
	for (size_t i = 0; i < words->count; i++)
		if (!is_service_name(words->words[i]))
			return complain(job->complaint, words->words[i],
					"not the name of a service");
	return ST_OK;
}

static enum status parse_ranges(const struct job *job, struct range_list *ranges)
{
	struct word_list words;

	if (strcmp(job->text, "any") == 0) {
		*ranges = (struct range_list){.any = true};
		return ST_OK;
	}
	enum status s = words_split(job->text, job->arena, &words);
	if (s != ST_OK)
		return s;
	return words_to_ranges(&words, job->arena, ranges, job->complaint);
}

enum status value_parse(const struct tunable *tunable, char *text, struct arena *arena,
			union value *value, struct complaint *complaint)
{
	const struct job job = {tunable, text, arena, complaint};

	memset(value, 0, sizeof(*value));
	switch (tunable->type) {
	case TUNABLE_BOOL:
		return parse_flag(&job, &value->flag);
	case TUNABLE_NUMBER:
		return parse_number(&job, &value->number);
	case TUNABLE_DURATION:
		return parse_duration(&job, &value->seconds);
	case TUNABLE_DATE:
		return parse_date(&job, &value->date);
	case TUNABLE_CHOICE:
		return parse_choice(&job, &value->choice);
	case TUNABLE_TEXT:
		return parse_text(&job, &value->text);
	case TUNABLE_PATH:
		return parse_path(&job, &value->text);
	case TUNABLE_WORDS:
		return parse_words(&job, &value->words);
	case TUNABLE_RANGES:
		return parse_ranges(&job, &value->ranges);
	}
	return ST_INTERNAL;
}

_Static_assert(sizeof(enum second_factor) == sizeof(int), "a choice is stored as an int");

static size_t value_size(enum tunable_type type)
{
	static const size_t sizes[] = {
	    [TUNABLE_BOOL] = sizeof(bool),
	    [TUNABLE_NUMBER] = sizeof(uint32_t),
	    [TUNABLE_DURATION] = sizeof(uint64_t),
	    [TUNABLE_DATE] = sizeof(int64_t),
	    [TUNABLE_CHOICE] = sizeof(int),
	    [TUNABLE_TEXT] = sizeof(const char *),
	    [TUNABLE_PATH] = sizeof(const char *),
	    [TUNABLE_WORDS] = sizeof(struct word_list),
	    [TUNABLE_RANGES] = sizeof(struct range_list),
	};

	return sizes[type];
}

void value_store(const struct tunable *tunable, const union value *value, struct rules *rules)
{
	memcpy((char *)rules + tunable->offset, value, value_size(tunable->type));
}
