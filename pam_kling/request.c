/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/request.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const bare_words[] = {"preauth", "use_authtok", "try_first_pass", NULL};

/* "" when the host set none; false when it does not say. */
static bool read_item(pam_handle_t *pamh, int which, const char **text)
{
	const void *item = NULL;
	if (pam_get_item(pamh, which, &item) != PAM_SUCCESS)
		return false;
	*text = item != NULL ? item : "";
	return true;
}

static bool is_path(const char *name)
{
	return strchr(name, '/') != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static enum reason load_settings(struct request *request, int argc, const char **argv)
{
	const struct conf_source source = {
	    .owner = request->owner,
	    .argc = argc,
	    .argv = argv,
	    .flags = bare_words,
	    .way = &request->way,
	};
	enum status status = settings_load(&source, &request->settings, &request->trouble);
	if (status == ST_OK)
		return REASON_OK;
	if (status == ST_LIMIT)
		return REASON_LIMITS;
	return status == ST_NOMEM ? REASON_NOMEM : REASON_CONFIG;
}

static enum reason look_up(struct request *request)
{
	request->path_name = is_path(request->name);
	request->who = (struct who){.name = request->name};
	if (request->path_name)
		return REASON_OK;
	enum status status = person_find(request->name, &request->person);
	if (status == ST_NO_USER)
		return REASON_OK;
	if (status != ST_OK)
		return status == ST_NOMEM ? REASON_NOMEM : REASON_INTERNAL;
	request->who = (struct who){request->person.name, request->person.uid, true};
	return REASON_OK;
}

static bool has_name(const struct group_names *groups, const char *name)
{
	for (size_t i = 0; i < groups->count; i++)
		if (strcmp(groups->names[i], name) == 0)
			return true;
	return false;
}

/*
 * The C library takes a group service that is down for "in none of its groups". A section may
 * hang on each group it names, so each is asked for by name, where silence shows.
 */
static enum status check_groups(const struct request *request, const struct group_names *groups)
{
	const char *name;
	for (size_t i = 0; (name = settings_group(request->settings, i)) != NULL; i++) {
		bool member = false;
		if (has_name(groups, name))
			continue;
		enum status status = group_has_member(name, &request->person, &member);
		if (status != ST_OK)
			return status;
		if (member)
			return ST_LOOKUP;
	}
	return ST_OK;
}

static enum reason resolve(struct request *request)
{
	AUTO_GROUPS groups = {0};
	if (request->who.exists && settings_need_groups(request->settings)) {
		enum status status = group_names_find(&request->person, &groups);
		if (status == ST_OK)
			status = check_groups(request, &groups);
		if (status != ST_OK)
			return status == ST_NOMEM ? REASON_NOMEM : REASON_INTERNAL;
	}
	const struct subject subject = {
	    .user = request->who.name,
	    .service = request->service,
	    .origin = request->origin,
	    .groups = (const char *const *)groups.names,
	    .group_count = groups.count,
	};
	const char *problem = NULL;
	if (settings_resolve(request->settings, &subject, &request->rules, &problem) == ST_OK)
		return REASON_OK;
	request->trouble.problem = problem;
	(void)snprintf(request->trouble.file, sizeof(request->trouble.file), "%s",
		       settings_path(request->settings));
	return REASON_CONFIG;
}

/* sshd lists the methods that were completed before, a line each, in the PAM environment. */
static bool key_was_used(const struct request *request)
{
	if (!word_list_has(&request->rules.key_login_services, request->service))
		return false;
	const char *line = pam_getenv(request->pamh, "SSH_AUTH_INFO_0");
	while (line != NULL && line[0] != '\0') {
		if (strncmp(line, "publickey ", strlen("publickey ")) == 0)
			return true;
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return false;
}

struct arrival request_arrival(const struct request *request)
{
	return (struct arrival){
	    .service = request->service,
	    .origin = request->origin,
	    .exists = request->who.exists,
	    .path_name = request->path_name,
	    .caller = request->caller,
	    .own = request->who.exists && request->caller == request->who.uid,
	};
}

/* A local user may have thousands of subordinate uids, which are nobody's in passwd. */
static bool is_subordinate(const struct source *source)
{
	AUTO_PERSON person = {0};
	return source->kind == SOURCE_LOCAL && !source->own && source->uid != 0 &&
	       person_find_uid(source->uid, &person) != ST_OK;
}

static void place_source(struct request *request)
{
	struct arrival arrival = request_arrival(request);
	arrival.keyed = key_was_used(request);
	request->source = source_of(&request->rules, &arrival);
	if (is_subordinate(&request->source))
		request->source.uid = NOBODYS_UID;
	request->console = request->origin.kind == ORIGIN_NONE &&
			   word_list_has(&request->rules.console_services, request->service);
}

/* One way in stays when the configuration does not load: root, at a console, with a code. */
static enum reason rescue(struct request *request)
{
	/* The way borrows the path of the settings that go. */
	request->way = (struct safe_way){NULL, 0, 0};
	settings_free(&request->settings);
	if (!request->who.exists || request->who.uid != 0)
		return REASON_CONFIG;
	if (settings_builtin(&request->settings) != ST_OK)
		return REASON_CONFIG;
	if (resolve(request) != REASON_OK)
		return REASON_CONFIG;
	place_source(request);
	if (!request->console)
		return REASON_CONFIG;
	request->rescued = true;
	return REASON_OK;
}

enum reason request_gather(pam_handle_t *pamh, int flags, int argc, const char **argv,
			   struct request *request)
{
	*request = (struct request){.pamh = pamh,
				    .silent = ((unsigned)flags & PAM_SILENT) != 0,
				    .argc = argc,
				    .argv = argv};
	uid_t saved;
	if (getresuid(&request->caller, &request->owner, &saved) != 0)
		return REASON_INTERNAL;
	if (pam_get_user(pamh, &request->name, NULL) != PAM_SUCCESS || request->name == NULL)
		return REASON_CONV;
	/* Without an answer nothing is known of where this comes from. */
	if (!read_item(pamh, PAM_SERVICE, &request->service) ||
	    !read_item(pamh, PAM_RHOST, &request->rhost))
		return REASON_INTERNAL;
	request->origin = origin_of(request->rhost);
	enum reason loaded = load_settings(request, argc, argv);
	if (loaded != REASON_OK && loaded != REASON_CONFIG)
		return loaded;
	enum reason found = look_up(request);
	if (found != REASON_OK)
		return found;
	if (loaded == REASON_CONFIG)
		return rescue(request);
	enum reason resolved = resolve(request);
	if (resolved == REASON_CONFIG)
		return rescue(request);
	if (resolved == REASON_OK)
		place_source(request);
	return resolved;
}

void request_clear(struct request *request)
{
	settings_free(&request->settings);
	person_clear(&request->person);
}

struct place request_place(const struct request *request)
{
	return (struct place){request->rules.state_dir, request->rules.key_dir, request->owner};
}

/* In a slot that users share each is there by his uid: `self` would be all of them. */
size_t request_ledger(const struct request *request, struct account *account)
{
	struct source source = request->source;
	source.own = source.own && account->kind == ACCOUNT_USER;
	return lockout_select(&account->state->ledgers, &source, &request->rules.lockout);
}

bool request_may_rescue(const struct request *request)
{
	return request->rules.rescue == RESCUE_CONSOLE_ROOT && request->console &&
	       request->who.exists && request->who.uid == 0;
}
