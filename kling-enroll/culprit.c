/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/culprit.h"

#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"
#include "lib/base/people.h"
#include "lib/base/safe_path.h"
#include "lib/store/name.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WHO_BYTES = 64, WORD_BYTES = 960, ALL_BITS = 07777 };

/* A command line that is cut would do something else. */
static const char unsaid[] = "PATH";

void quote_word(const char *word, char *out, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+:@%,=";
	bool quoted = word[strspn(word, plain)] != '\0';
	size_t at = 0, quotes = 0;

	for (const char *c = word; *c; c++)
		quotes += *c == '\'';
	if (strlen(word) + 3 * quotes + 3 > size) {
		snprintf(out, size, "%s", unsaid);
		return;
	}
	if (quoted)
		out[at++] = '\'';
	for (; *word; word++) {
		memcpy(out + at, *word == '\'' ? "'\\''" : word, *word == '\'' ? 4 : 1);
		at += *word == '\'' ? 4 : 1;
	}
	if (quoted)
		out[at++] = '\'';
	out[at] = '\0';
}

static void name_of(uid_t uid, char out[WHO_BYTES])
{
	AUTO_PERSON person = {0};

	if (person_find_uid(uid, &person) == ST_OK)
		snprintf(out, WHO_BYTES, "%.40s", person.name);
	else
		snprintf(out, WHO_BYTES, "%u", (unsigned)uid);
}

/* What a path should have. */
struct demand {
	mode_t kind;
	uid_t owner;
	bool exactly;   /* root's is not as good */
	bool one_name;  /* no hard links */
	mode_t refused; /* bits for which it is refused */
	mode_t told;    /* bits that are worth telling */
	mode_t usual;   /* 0: what it has without the bits above */
};

static struct demand demand_of(enum path_role role, uid_t owner)
{
	static const struct demand demands[] = {
	    [ROLE_CONFIG] = {S_IFREG, 0, false, false, 022, 0, 0},
	    [ROLE_DIRECTORY] = {S_IFDIR, 0, false, false, 022, 077, 0700},
	    [ROLE_OWN] = {S_IFDIR, 0, true, false, 022, 077, 0700},
	    [ROLE_SECRET] = {S_IFREG, 0, true, true, 07077, 07077, 0600},
	    [ROLE_KEY] = {S_IFREG, 0, true, true, 07077, 07077, 0400},
	};
	struct demand demand = demands[role];

	demand.owner = owner;
	return demand;
}

static struct demand demand_above(uid_t owner)
{
	return (struct demand){.kind = S_IFDIR, .owner = owner, .refused = 022};
}

static void describe_link(const char *path, struct culprit *culprit)
{
	AUTO_TEXT target = realpath(path, NULL);

	snprintf(culprit->problem, sizeof(culprit->problem), TEXT_CULPRIT_LINK,
		 target ? target : TEXT_CULPRIT_NOWHERE);
	snprintf(culprit->fix, sizeof(culprit->fix), TEXT_CULPRIT_FIX_LINK,
		 target ? target : TEXT_CULPRIT_NOWHERE);
}

static void describe_names(const char *path, unsigned long count, struct culprit *culprit)
{
	char word[WORD_BYTES];

	quote_word(path, word, sizeof(word));
	snprintf(culprit->problem, sizeof(culprit->problem), TEXT_CULPRIT_NAMES, count);
	snprintf(culprit->fix, sizeof(culprit->fix), TEXT_CULPRIT_FIX_NAMES, word, word, word,
		 word);
}

/* "owner alice, mode 0644; it should be owner root, mode 0400", of that what is wrong. */
static void describe_rights(const struct stat *st, const struct demand *demand, mode_t wanted,
			    struct culprit *culprit)
{
	char has[WHO_BYTES], should[WHO_BYTES], word[WORD_BYTES];
	bool owner = st->st_uid != demand->owner && (demand->exactly || st->st_uid != 0);
	mode_t mode = st->st_mode & ALL_BITS;

	name_of(st->st_uid, has);
	name_of(demand->owner, should);
	quote_word(culprit->path, word, sizeof(word));
	if (owner && mode != wanted) {
		snprintf(culprit->problem, sizeof(culprit->problem), TEXT_CULPRIT_BOTH, has, mode,
			 should, wanted);
		snprintf(culprit->fix, sizeof(culprit->fix), TEXT_CULPRIT_FIX_BOTH, should, word,
			 wanted, word);
	} else if (owner) {
		snprintf(culprit->problem, sizeof(culprit->problem), TEXT_CULPRIT_OWNER, has,
			 should);
		snprintf(culprit->fix, sizeof(culprit->fix), TEXT_CULPRIT_FIX_OWNER, should, word);
	} else {
		snprintf(culprit->problem, sizeof(culprit->problem), TEXT_CULPRIT_MODE, mode,
			 wanted);
		snprintf(culprit->fix, sizeof(culprit->fix), TEXT_CULPRIT_FIX_MODE, wanted, word);
	}
}

static bool holds_owner(const struct stat *st, const struct demand *demand)
{
	return st->st_uid == demand->owner || (!demand->exactly && st->st_uid == 0);
}

static bool describe_kind(const struct stat *st, const struct demand *demand,
			  struct culprit *culprit)
{
	if ((st->st_mode & S_IFMT) == demand->kind)
		return false;
	culprit->refused = true;
	if (S_ISLNK(st->st_mode)) {
		describe_link(culprit->path, culprit);
		return true;
	}
	snprintf(culprit->problem, sizeof(culprit->problem), "%s",
		 demand->kind == S_IFDIR ? TEXT_CULPRIT_NO_DIRECTORY : TEXT_CULPRIT_NO_FILE);
	snprintf(culprit->fix, sizeof(culprit->fix), "%s", TEXT_CULPRIT_FIX_KIND);
	return true;
}

static bool judge(const char *path, const struct demand *demand, struct culprit *culprit)
{
	struct stat st;

	snprintf(culprit->path, sizeof(culprit->path), "%s", path);
	if (lstat(path, &st) != 0)
		return false;
	if (describe_kind(&st, demand, culprit))
		return true;
	mode_t mode = st.st_mode & ALL_BITS;
	culprit->refused = !holds_owner(&st, demand) || (mode & demand->refused);
	if (!culprit->refused && demand->one_name && st.st_nlink != 1) {
		culprit->refused = true;
		describe_names(path, (unsigned long)st.st_nlink, culprit);
		return true;
	}
	if (!culprit->refused && !(mode & demand->told))
		return false;
	mode_t cleared = mode & ~(demand->refused | demand->told);
	bool bits = mode & (demand->refused | demand->told);
	describe_rights(&st, demand, bits && demand->usual ? demand->usual : cleared, culprit);
	return true;
}

/* A sticky directory of root's may stand above, but not immediately. */
static bool is_sticky_of_root(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == 0 &&
	       (st.st_mode & S_ISVTX);
}

static bool judge_above(const char *path, uid_t owner, struct culprit *culprit)
{
	const struct demand demand = demand_above(owner);
	char above[PATH_MAX];

	for (const char *slash = path; slash && slash[1];) {
		const char *next = strchr(slash + 1, '/');
		snprintf(above, sizeof(above), "%.*s", slash == path ? 1 : (int)(slash - path),
			 path);
		if (!(next && is_sticky_of_root(above)) && judge(above, &demand, culprit))
			return true;
		slash = next;
	}
	return false;
}

bool culprit_on_path(const char *path, enum path_role role, uid_t owner, struct culprit *culprit)
{
	const struct demand demand = demand_of(role, owner);

	if (!safe_path_is_clean(path)) {
		culprit->refused = true;
		snprintf(culprit->path, sizeof(culprit->path), "%s", path);
		snprintf(culprit->problem, sizeof(culprit->problem), "%s", TEXT_CULPRIT_UNCLEAN);
		snprintf(culprit->fix, sizeof(culprit->fix), "%s", TEXT_CULPRIT_FIX_UNCLEAN);
		return true;
	}
	return judge_above(path, owner, culprit) || judge(path, &demand, culprit);
}

/* --- a whole place ---------------------------------------------------------------------------- */

struct round {
	const struct place *place;
	culprit_fn *each;
	void *context;
	struct culprit culprit;
};

/* One path below a directory that was looked at before. */
static bool look_at(struct round *round, const char *directory, const char *name,
		    enum path_role role)
{
	char path[PATH_MAX];
	const struct demand demand = demand_of(role, round->place->owner);

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", directory, name) >= sizeof(path) ||
	    !judge(path, &demand, &round->culprit))
		return false;
	round->each(round->context, &round->culprit);
	return true;
}

static void say(struct round *round, bool refused, const char *problem, const char *fix)
{
	round->culprit.refused = refused;
	snprintf(round->culprit.problem, sizeof(round->culprit.problem), "%s", problem);
	snprintf(round->culprit.fix, sizeof(round->culprit.fix), "%s", fix);
	round->each(round->context, &round->culprit);
}

static void look_at_key(void *context, const char *name, enum status status)
{
	struct round *round = context;
	char fix[PATH_MAX], word[WORD_BYTES];

	if (status == ST_PERM && look_at(round, round->place->key_dir, name, ROLE_KEY))
		return;
	if (status == ST_OK || status == ST_PERM)
		return;
	snprintf(round->culprit.path, PATH_MAX, "%s/%s", round->place->key_dir, name);
	quote_word(round->culprit.path, word, sizeof(word));
	snprintf(fix, sizeof(fix), TEXT_CULPRIT_FIX_MOVE, word);
	if (status == ST_BAD_NAME)
		say(round, false, TEXT_CULPRIT_GUEST, fix);
	else if (status == ST_KEY_MISMATCH)
		say(round, true, TEXT_CULPRIT_OTHER_KEY, fix);
	else
		say(round, true, TEXT_CULPRIT_DAMAGED_KEY, TEXT_FIX_KEY);
}

/* Whether what lies below can be reached at all. */
static bool look_at_top(struct round *round, const char *path)
{
	if (!culprit_on_path(path, ROLE_DIRECTORY, round->place->owner, &round->culprit))
		return true;
	round->each(round->context, &round->culprit);
	return !round->culprit.refused || strcmp(round->culprit.path, path) == 0;
}

void culprits_of_place(const struct place *place, culprit_fn *each, void *context)
{
	static const char *const files[] = {"marker", "unenrolled", "unknown"};
	struct round *round = calloc(1, sizeof(*round));

	if (!round)
		return;
	*round = (struct round){.place = place, .each = each, .context = context};
	if (look_at_top(round, place->key_dir)) {
		AUTO_FD keys =
		    open(place->key_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (keys >= 0)
			(void)!keyring_survey(keys, place->owner, look_at_key, round);
	}
	if (look_at_top(round, place->state_dir)) {
		(void)look_at(round, place->state_dir, "users", ROLE_OWN);
		for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
			(void)look_at(round, place->state_dir, files[i], ROLE_SECRET);
	}
	free(round);
}

void culprits_of_user(const struct place *place, const char *name, culprit_fn *each, void *context)
{
	static const char *const files[] = {"state", "enrollment", "history"};
	char file[FILE_NAME_BYTES], directory[PATH_MAX];
	struct round *round = calloc(1, sizeof(*round));

	if (round && account_file_name(name, file) == ST_OK) {
		*round = (struct round){.place = place, .each = each, .context = context};
		snprintf(directory, sizeof(directory), "%.3000s/users", place->state_dir);
		(void)look_at(round, directory, file, ROLE_OWN);
		snprintf(directory, sizeof(directory), "%.3000s/users/%s", place->state_dir, file);
		for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
			(void)look_at(round, directory, files[i], ROLE_SECRET);
	}
	free(round);
}

struct search {
	struct culprit *found;
	bool done;
};

static void take_first(void *context, const struct culprit *culprit)
{
	struct search *search = context;

	if (search->done || !culprit->refused)
		return;
	*search->found = *culprit;
	search->done = true;
}

bool culprit_find(const struct place *place, const char *name, struct culprit *culprit)
{
	struct search search = {culprit, false};

	if (name)
		culprits_of_user(place, name, take_first, &search);
	if (!search.done)
		culprits_of_place(place, take_first, &search);
	return search.done;
}
