/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/people.h"

#include "lib/base/cleanup.h"
#include "lib/crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SEEN_BITS = 1 << 23, PROBES = 4 };

/*
 * Who was visited: a bit for each of a few hashes of a name. A name that was not put in is taken
 * for one that was about once in 200,000 with 100,000 names, and then only for a user who is
 * enrolled and whom the user database does not list. The hash begins at random: nobody can choose
 * a name that hides him in every list.
 */
struct seen {
	uint8_t *bits;
	uint64_t begin;
};

#define AUTO_SEEN AT_SCOPE_END(seen_clear) struct seen

static void seen_clear(struct seen *seen)
{
	free(seen->bits);
	seen->bits = NULL;
}

static enum status seen_new(struct seen *seen)
{
	seen->bits = calloc(1, SEEN_BITS / 8);
	return seen->bits ? random_bytes(&seen->begin, sizeof(seen->begin)) : ST_NOMEM;
}

/* FNV-1a, and the last step of MurmurHash3, which spreads it over all bits. */
static uint64_t hash_of(const char *name, uint64_t begin)
{
	uint64_t hash = begin;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 0x100000001b3;
	hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
	hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
	return hash ^ hash >> 33;
}

static bool seen_put(struct seen *seen, const char *name)
{
	uint64_t hash = hash_of(name, seen->begin);
	uint32_t at = (uint32_t)hash, step = (uint32_t)(hash >> 32) | 1;
	bool was_there = true;

	for (size_t i = 0; i < PROBES; i++) {
		at = (at + step) % SEEN_BITS;
		was_there = was_there && (seen->bits[at / 8] & (1U << at % 8));
		seen->bits[at / 8] = (uint8_t)(seen->bits[at / 8] | 1U << at % 8);
	}
	return was_there;
}

static bool is_stored(const struct tool *tool, const char *name)
{
	char file[FILE_NAME_BYTES];
	struct stat there;

	return account_file_name(name, file) == ST_OK &&
	       fstatat(tool->store.users, file, &there, AT_SYMLINK_NOFOLLOW) == 0;
}

struct round {
	struct tool *tool;
	const struct people_visit *visit;
	struct seen seen;
	uid_t first_person;
};

static enum status visit_person(struct round *round, const char *name, uid_t uid, bool listed)
{
	const struct who who = {.name = name, .uid = uid, .exists = true};
	bool only_stored = round->visit->stored_only || is_system_uid(uid, round->first_person);

	if (listed && seen_put(&round->seen, name))
		return ST_OK;
	if (only_stored && !is_stored(round->tool, name))
		return ST_OK;
	return round->visit->each(round->visit->context, &who);
}

static enum status visit_listed(struct round *round)
{
	enum status s = ST_OK;

	setpwent();
	while (s == ST_OK) {
		errno = 0;
		const struct passwd *entry = getpwent();
		if (!entry)
			break;
		s = visit_person(round, entry->pw_name, entry->pw_uid, true);
	}
	endpwent();
	return s;
}

static enum status visit_unlisted(void *context, const char *name)
{
	struct round *round = context;
	AUTO_PERSON person = {0};

	if (seen_put(&round->seen, name))
		return ST_OK;
	enum status s = person_find(name, &person);
	if (s != ST_OK && round->visit->lost)
		return round->visit->lost(round->visit->context, name, s);
	if (s != ST_OK)
		return s == ST_NO_USER ? ST_OK : s;
	return visit_person(round, person.name, person.uid, false);
}

static enum status visit_everybody(struct round *round)
{
	enum status s = visit_listed(round);

	return s == ST_OK ? account_each(&round->tool->store, visit_unlisted, round) : s;
}

static enum status visit_name(struct round *round, const char *name)
{
	AUTO_PERSON person = {0};
	enum status s = person_find(name, &person);

	if (s == ST_OK)
		s = visit_person(round, person.name, person.uid, true);
	return s == ST_NO_USER ? ST_OK : s;
}

/* Those whose primary group it is. */
static enum status visit_primary(struct round *round, gid_t gid)
{
	const struct passwd *entry;
	enum status s = ST_OK;

	setpwent();
	while (s == ST_OK && (entry = getpwent()))
		if (entry->pw_gid == gid)
			s = visit_person(round, entry->pw_name, entry->pw_uid, true);
	endpwent();
	return s;
}

static enum status visit_group(struct round *round, const char *name)
{
	errno = 0;
	const struct group *group = getgrnam(name);
	enum status s = ST_OK;

	if (!group)
		return errno == 0 || errno == ENOENT ? ST_MISSING : ST_LOOKUP;
	gid_t gid = group->gr_gid;
	for (char **member = group->gr_mem; s == ST_OK && *member; member++)
		s = visit_name(round, *member);
	return s == ST_OK ? visit_primary(round, gid) : s;
}

enum status people_visit(struct tool *tool, const struct people_visit *visit)
{
	AUTO_SEEN seen = {NULL, 0};
	enum status s = seen_new(&seen);

	if (s != ST_OK)
		return s;
	struct round round = {tool, visit, seen, first_person_uid()};
	return visit->group ? visit_group(&round, visit->group) : visit_everybody(&round);
}
