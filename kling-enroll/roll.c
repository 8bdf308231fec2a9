/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/roll.h"

#include "kling-enroll/input.h"
#include "kling-enroll/people.h"
#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 64 };

void roll_clear(struct roll *roll)
{
	for (size_t i = 0; i < roll->count; i++)
		free(roll->entries[i].name);
	free(roll->entries);
	*roll = (struct roll){0};
}

static enum status add(struct roll *roll, const char *name, size_t length)
{
	if (roll->count == roll->room) {
		size_t room = roll->room ? 2 * roll->room : ROOM_FIRST;
		struct roll_entry *more = reallocarray(roll->entries, room, sizeof(*more));
		if (!more)
			return ST_NOMEM;
		roll->entries = more;
		roll->room = room;
	}
	char *copy = strndup(name, length);
	if (!copy)
		return ST_NOMEM;
	roll->entries[roll->count++] = (struct roll_entry){.name = copy};
	return ST_OK;
}

static enum status read_lines(struct input *input, struct roll *roll)
{
	AUTO_SECRET line = SECRET_EMPTY;
	enum status s;

	while ((s = input_line(input, &line)) == ST_OK) {
		if (line.length == 0 || line.bytes[0] == '#')
			continue;
		s = add(roll, (const char *)line.bytes, line.length);
		if (s != ST_OK)
			return s;
	}
	return s == ST_MISSING ? ST_OK : s;
}

enum exit_code roll_read(const struct tool *tool, const char *path, struct roll *roll)
{
	int opened = -1;

	errno = 0;
	enum status s = input_open(path, &opened);
	AUTO_FD fd = opened;
	AUTO_INPUT input = INPUT_FROM(fd);
	if (s == ST_OK)
		s = read_lines(&input, roll);
	if (s == ST_OK)
		return EXIT_DONE;
	return fail(tool, EXIT_TROUBLE, TEXT_FILE, path, file_problem(s));
}

enum exit_code roll_check_group(const struct tool *tool, const char *group)
{
	errno = 0;
	if (getgrnam(group))
		return EXIT_DONE;
	if (errno == 0 || errno == ENOENT)
		return fail(tool, EXIT_NO_USER, TEXT_NO_GROUP, group);
	return fail_status(tool, NULL, ST_LOOKUP);
}

static enum status add_member(void *context, const struct who *who)
{
	return add(context, who->name, strlen(who->name));
}

enum exit_code roll_of_group(struct tool *tool, const char *group, struct roll *roll)
{
	const struct people_visit visit = {.group = group, .each = add_member, .context = roll};

	errno = 0;
	enum status s = people_visit(tool, &visit);
	if (s == ST_MISSING)
		return fail(tool, EXIT_NO_USER, TEXT_NO_GROUP, group);
	return s == ST_OK ? EXIT_DONE : fail_status(tool, NULL, s);
}

static int by_name(const void *a, const void *b)
{
	const struct roll_entry *const *first = a, *const *second = b;

	return strcmp((*first)->name, (*second)->name);
}

static int is_name(const void *name, const void *entry)
{
	const struct roll_entry *const *other = entry;

	return strcmp(name, (*other)->name);
}

/* Every entry of that name, of which bsearch finds any. */
static void mark(struct roll_entry **sorted, size_t count, const struct passwd *person)
{
	struct roll_entry **found =
	    bsearch(person->pw_name, sorted, count, sizeof(*sorted), is_name);

	if (!found)
		return;
	while (found > sorted && strcmp(found[-1]->name, person->pw_name) == 0)
		found--;
	for (; found < sorted + count && strcmp((*found)->name, person->pw_name) == 0; found++) {
		if (!(*found)->found)
			(*found)->uid = person->pw_uid;
		(*found)->found = true;
	}
}

static void walk_database(struct roll_entry **sorted, size_t count)
{
	const struct passwd *person;

	setpwent();
	while ((person = getpwent()))
		mark(sorted, count, person);
	endpwent();
}

/* A directory that does not list its users still knows them by name. */
static enum status ask_for(struct roll_entry *entry)
{
	AUTO_PERSON person = {0};
	enum status s = person_find(entry->name, &person);

	if (s == ST_NO_USER)
		return ST_OK;
	if (s != ST_OK)
		return s;
	entry->found = strcmp(person.name, entry->name) == 0;
	entry->uid = person.uid;
	return ST_OK;
}

enum status roll_look_up(struct roll *roll)
{
	enum status s = ST_OK;
	struct roll_entry **sorted = calloc(roll->count + 1, sizeof(struct roll_entry *));

	if (!sorted)
		return ST_NOMEM;
	for (size_t i = 0; i < roll->count; i++)
		sorted[i] = &roll->entries[i];
	qsort(sorted, roll->count, sizeof(struct roll_entry *), by_name);
	walk_database(sorted, roll->count);
	free(sorted);
	for (size_t i = 0; s == ST_OK && i < roll->count; i++)
		if (!roll->entries[i].found)
			s = ask_for(&roll->entries[i]);
	return s;
}
