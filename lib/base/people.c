/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/people.h"

#include "lib/base/cleanup.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY_START = 1024, ENTRY_MAX = 16 << 20, GROUPS_START = 64, GROUPS_MAX = 65536 };

void person_clear(struct person *person)
{
	free_text(&person->buffer);
	*person = (struct person){0};
}

/* "Not found" has several spellings among NSS modules. */
static enum status status_of_lookup(int error)
{
	switch (error) {
	case 0:
	case ENOENT:
	case ESRCH:
		return ST_NO_USER;
	case ENOMEM:
		return ST_NOMEM;
	default:
		errno = error;
		return ST_LOOKUP;
	}
}

/* One call of a reentrant NSS function with a buffer; *found says whether it gave an entry. */
struct lookup {
	int (*call)(const void *key, void *entry, char *buffer, size_t size, bool *found);
	const void *key;
};

/* With a larger buffer as long as it asks for one. On ST_OK *buffer holds the entry's texts. */
static enum status lookup_entry(const struct lookup *lookup, void *entry, char **buffer)
{
	int error = ERANGE;
	bool found = false;

	for (size_t size = ENTRY_START; size <= ENTRY_MAX && (error == ERANGE || error == EINTR);
	     size *= 2) {
		AUTO_TEXT space = malloc(size);
		if (!space)
			return ST_NOMEM;
		error = lookup->call(lookup->key, entry, space, size, &found);
		if (error == 0 && found) {
			*buffer = space;
			space = NULL;
			return ST_OK;
		}
	}
	return status_of_lookup(error);
}

static int user_by_name(const void *key, void *entry, char *buffer, size_t size, bool *found)
{
	struct passwd *result = NULL;
	int error = getpwnam_r(key, entry, buffer, size, &result);

	*found = result != NULL;
	return error;
}

static int user_by_uid(const void *key, void *entry, char *buffer, size_t size, bool *found)
{
	struct passwd *result = NULL;
	int error = getpwuid_r(*(const uid_t *)key, entry, buffer, size, &result);

	*found = result != NULL;
	return error;
}

static int group_by_gid(const void *key, void *entry, char *buffer, size_t size, bool *found)
{
	struct group *result = NULL;
	int error = getgrgid_r(*(const gid_t *)key, entry, buffer, size, &result);

	*found = result != NULL;
	return error;
}

static int group_by_name(const void *key, void *entry, char *buffer, size_t size, bool *found)
{
	struct group *result = NULL;
	errno = EIO; /* what comes back untouched when no service could even be asked */
	int error = getgrnam_r(key, entry, buffer, size, &result);

	*found = result != NULL;
	/* "Surely not there" is no error at all; every error is a service that did not answer. */
	return error == ENOENT || error == ESRCH ? EIO : error;
}

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

static enum status find(const struct lookup *lookup, struct person *person)
{
	struct passwd entry;
	AUTO_TEXT buffer = NULL;
	enum status s = lookup_entry(lookup, &entry, &buffer);

	*person = (struct person){0};
	if (s != ST_OK)
		return s;
	*person = (struct person){
	    .buffer = buffer,
	    .name = entry.pw_name,
	    .full_name = text_or_empty(entry.pw_gecos),
	    .home = text_or_empty(entry.pw_dir),
	    .shell = text_or_empty(entry.pw_shell),
	    .uid = entry.pw_uid,
	    .gid = entry.pw_gid,
	};
	buffer = NULL;
	return ST_OK;
}

enum status person_find(const char *name, struct person *person)
{
	const struct lookup lookup = {user_by_name, name};

	return find(&lookup, person);
}

enum status person_find_uid(uid_t uid, struct person *person)
{
	const struct lookup lookup = {user_by_uid, &uid};

	return find(&lookup, person);
}

struct gid_list {
	gid_t *gids;
	int count;
};

static void gid_list_clear(struct gid_list *list)
{
	free(list->gids);
	*list = (struct gid_list){0};
}

/* The list may grow between two calls, so the loop is bounded by the size and not by trust. */
static enum status gids_of(const struct person *person, struct gid_list *list)
{
	for (int size = GROUPS_START; size <= GROUPS_MAX; size *= 2) {
		gid_list_clear(list);
		list->gids = calloc((size_t)size, sizeof(*list->gids));
		if (!list->gids)
			return ST_NOMEM;
		list->count = size;
		if (getgrouplist(person->name, person->gid, list->gids, &list->count) >= 0)
			return ST_OK;
	}
	errno = E2BIG;
	return ST_LOOKUP;
}

/* Growing bytes in which names stand one behind the other, each with its NUL. */
struct heap {
	char *bytes;
	size_t length, size;
};

static void heap_clear(struct heap *heap)
{
	free_text(&heap->bytes);
}

static enum status heap_add(struct heap *heap, const char *name)
{
	size_t length = strlen(name) + 1;

	if (length > heap->size - heap->length) {
		size_t size = 2 * (heap->size + length);
		char *bytes = realloc(heap->bytes, size);
		if (!bytes)
			return ST_NOMEM;
		heap->bytes = bytes;
		heap->size = size;
	}
	memcpy(heap->bytes + heap->length, name, length);
	heap->length += length;
	return ST_OK;
}

static enum status add_name_of(gid_t gid, struct heap *heap, size_t *count)
{
	const struct lookup lookup = {group_by_gid, &gid};
	struct group entry;
	AUTO_TEXT buffer = NULL;
	enum status s = lookup_entry(&lookup, &entry, &buffer);

	if (s == ST_NO_USER)
		return ST_OK;
	if (s != ST_OK)
		return s;
	(*count)++;
	return heap_add(heap, entry.gr_name);
}

static enum status names_of(const struct gid_list *list, struct heap *heap, size_t *count)
{
	enum status s = ST_OK;

	for (int i = 0; i < list->count && s == ST_OK; i++)
		s = add_name_of(list->gids[i], heap, count);
	return s;
}

enum status group_names_find(const struct person *person, struct group_names *groups)
{
	AT_SCOPE_END(gid_list_clear) struct gid_list list = {0};
	AT_SCOPE_END(heap_clear) struct heap heap = {0};
	size_t count = 0;
	enum status s = gids_of(person, &list);

	*groups = (struct group_names){0};
	if (s == ST_OK)
		s = names_of(&list, &heap, &count);
	if (s != ST_OK)
		return s;
	groups->names = calloc(count + 1, sizeof(*groups->names));
	if (!groups->names)
		return ST_NOMEM;
	groups->count = count;
	groups->buffer = heap.bytes;
	heap.bytes = NULL;
	for (size_t i = 0, at = 0; i < count; i++, at += strlen(groups->buffer + at) + 1)
		groups->names[i] = groups->buffer + at;
	return ST_OK;
}

void group_names_clear(struct group_names *groups)
{
	free(groups->names);
	free_text(&groups->buffer);
	*groups = (struct group_names){0};
}

static bool lists(const struct group *group, const struct person *person)
{
	if (group->gr_gid == person->gid)
		return true;
	for (char **name = group->gr_mem; name && *name; name++)
		if (strcmp(*name, person->name) == 0)
			return true;
	return false;
}

enum status group_has_member(const char *group, const struct person *person, bool *member)
{
	const struct lookup lookup = {group_by_name, group};
	struct group entry;
	AUTO_TEXT buffer = NULL;
	enum status s = lookup_entry(&lookup, &entry, &buffer);

	*member = s == ST_OK && lists(&entry, person);
	return s == ST_NO_USER ? ST_OK : s;
}

enum status group_find(const char *group)
{
	const struct lookup lookup = {group_by_name, group};
	struct group entry;
	AUTO_TEXT buffer = NULL;

	return lookup_entry(&lookup, &entry, &buffer);
}
