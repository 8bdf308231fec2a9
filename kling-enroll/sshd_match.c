/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/sshd.h"
#include "lib/base/cleanup.h"

#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 16, NAME_BYTES = 256 };

/* One pass over the configuration as sshd reads it, includes followed. */
struct reading {
	/* Gets each line that says something, cut into keyword and rest. */
	void (*each)(struct reading *reading, const char *keyword, char *rest);
	struct sshd_line at;
	bool in_match;
	bool done;
	unsigned depth;
	/* What is looked for. */
	const char *keyword;
	struct sshd_line *found;
	const struct sshd_match *inside;
	void (*each_match)(void *context, const struct sshd_match *match);
	void *context;
};

static void read_config(struct reading *reading, const char *path);

static void include(struct reading *reading, char *patterns)
{
	char *rest = NULL;

	for (char *word = strtok_r(patterns, " \t\"", &rest); word;
	     word = strtok_r(NULL, " \t\"", &rest)) {
		char pattern[SSHD_PATH_BYTES];
		glob_t names;
		snprintf(pattern, sizeof(pattern), "%s%s", word[0] == '/' ? "" : "/etc/ssh/", word);
		if (glob(pattern, 0, NULL, &names) != 0)
			continue;
		for (size_t i = 0; i < names.gl_pathc; i++)
			read_config(reading, names.gl_pathv[i]);
		globfree(&names);
	}
}

static void read_line(struct reading *reading, char *line)
{
	char *keyword = line + strspn(line, " \t");

	line[strcspn(line, "\r\n")] = '\0';
	if (keyword[0] == '#' || keyword[0] == '\0')
		return;
	char *rest = keyword + strcspn(keyword, " \t=");
	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t=");
	if (strcasecmp(keyword, "Include") == 0) {
		include(reading, rest);
		return;
	}
	if (strcasecmp(keyword, "Match") == 0)
		reading->in_match = true;
	reading->each(reading, keyword, rest);
}

/* A Match block of an included file ends with that file. */
static void read_config(struct reading *reading, const char *path)
{
	const struct sshd_line before = reading->at;
	bool in_match = reading->in_match;
	AUTO_FILE file = fopen(path, "re");
	AUTO_TEXT line = NULL;
	size_t size = 0;

	if (!file || reading->depth == DEPTH_MAX)
		return;
	reading->depth++;
	snprintf(reading->at.file, sizeof(reading->at.file), "%s", path);
	reading->at.line = 0;
	while (!reading->done && getline(&line, &size, file) >= 0) {
		reading->at.line++;
		read_line(reading, line);
	}
	reading->depth--;
	reading->at = before;
	reading->in_match = in_match;
}

/* --- keywords --------------------------------------------------------------------------------- */

static void seek_outside(struct reading *reading, const char *keyword, char *rest)
{
	(void)rest;
	if (reading->in_match || strcasecmp(keyword, reading->keyword) != 0)
		return;
	*reading->found = reading->at;
	reading->done = true;
}

void sshd_find(const char *keyword, struct sshd_line *where)
{
	struct reading reading = {.each = seek_outside, .keyword = keyword, .found = where};

	*where = (struct sshd_line){.file = SSHD_CONFIG};
	read_config(&reading, SSHD_CONFIG);
}

static bool is_here(const struct reading *reading)
{
	return reading->at.line == reading->inside->at.line &&
	       strcmp(reading->at.file, reading->inside->at.file) == 0;
}

/* From the block's own line to the next Match. */
static void seek_inside(struct reading *reading, const char *keyword, char *rest)
{
	bool match = strcasecmp(keyword, "Match") == 0;

	(void)rest;
	if (match && reading->context)
		reading->done = true;
	else if (match && is_here(reading))
		reading->context = reading->found;
	else if (reading->context && strcasecmp(keyword, reading->keyword) == 0) {
		*reading->found = reading->at;
		reading->done = true;
	}
}

void sshd_find_in(const struct sshd_match *match, const char *keyword, struct sshd_line *where)
{
	struct reading reading = {
	    .each = seek_inside, .keyword = keyword, .found = where, .inside = match};

	*where = match->at;
	read_config(&reading, SSHD_CONFIG);
}

/* --- connections that a block is about ----------------------------------------------------------
 */

/* Something that fits the first pattern of a list that is not a negation. */
static bool sample_of(const char *list, char filler, char out[NAME_BYTES])
{
	char copy[NAME_BYTES];
	char *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", list);
	for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		if (word[0] == '!')
			continue;
		for (char *c = word; *c; c++)
			if (*c == '*' || *c == '?')
				*c = filler;
		snprintf(out, NAME_BYTES, "%s", word);
		return true;
	}
	return false;
}

static bool member_of(const char *group, char out[NAME_BYTES])
{
	const struct group *entry = getgrnam(group);
	const struct passwd *person;
	bool found = false;

	if (!entry)
		return false;
	if (entry->gr_mem && entry->gr_mem[0]) {
		snprintf(out, NAME_BYTES, "%s", entry->gr_mem[0]);
		return true;
	}
	gid_t gid = entry->gr_gid;
	setpwent();
	while (!found && (person = getpwent()))
		if (person->pw_gid == gid) {
			snprintf(out, NAME_BYTES, "%s", person->pw_name);
			found = true;
		}
	endpwent();
	return found;
}

struct connection {
	char user[NAME_BYTES], host[NAME_BYTES], address[NAME_BYTES], local[NAME_BYTES];
	char port[NAME_BYTES];
	bool named; /* the user */
};

static bool take_criterion(struct connection *c, const char *word, const char *list)
{
	char group[NAME_BYTES];
	bool taken = false;

	if (strcasecmp(word, "User") == 0)
		c->named = taken = sample_of(list, 'x', c->user);
	else if (strcasecmp(word, "Group") == 0)
		c->named = taken = sample_of(list, 'x', group) && member_of(group, c->user);
	else if (strcasecmp(word, "Host") == 0)
		taken = sample_of(list, 'x', c->host);
	else if (strcasecmp(word, "Address") == 0)
		taken = sample_of(list, '1', c->address);
	else if (strcasecmp(word, "LocalAddress") == 0)
		taken = sample_of(list, '1', c->local);
	else if (strcasecmp(word, "LocalPort") == 0)
		taken = sample_of(list, '1', c->port);
	c->address[strcspn(c->address, "/")] = '\0';
	c->local[strcspn(c->local, "/")] = '\0';
	return taken;
}

/* False when nothing can be thought of that the block is about. */
static bool imagine(char *criteria, struct connection *c)
{
	char *rest = NULL;

	*c = (struct connection){.user = "nobody",
				 .host = "host.invalid",
				 .address = "192.0.2.1",
				 .local = "127.0.0.1",
				 .port = "22"};
	for (char *word = strtok_r(criteria, " \t=\"", &rest); word;
	     word = strtok_r(NULL, " \t=\"", &rest)) {
		if (strcasecmp(word, "All") == 0)
			continue;
		char *list = strtok_r(NULL, " \t=\"", &rest);
		if (!list || !take_criterion(c, word, list))
			return false;
	}
	return true;
}

static void note_match(struct reading *reading, const char *keyword, char *rest)
{
	struct sshd_match match = {.at = reading->at};
	struct connection c;

	if (strcasecmp(keyword, "Match") != 0)
		return;
	snprintf(match.criteria, sizeof(match.criteria), "%s", rest);
	if (imagine(rest, &c)) {
		snprintf(match.spec, sizeof(match.spec),
			 "user=%.150s,host=%.200s,addr=%.60s,laddr=%.60s,lport=%.10s", c.user,
			 c.host, c.address, c.local, c.port);
		if (c.named)
			snprintf(match.user, sizeof(match.user), "%.60s", c.user);
	}
	reading->each_match(reading->context, &match);
}

void sshd_each_match(void (*each)(void *context, const struct sshd_match *match), void *context)
{
	struct reading reading = {.each = note_match, .each_match = each, .context = context};

	read_config(&reading, SSHD_CONFIG);
}
