/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_MEMORY_H
#define PAM_KLING_MEMORY_H

#include "lib/conf/mark.h"
#include "policy/decision.h"
#include "policy/lockout.h"

#include <security/pam_modules.h>
#include <stdbool.h>
#include <stddef.h>

/* How our auth ended on this handle. */
enum auth_end {
	AUTH_END_DENIED = 0,
	AUTH_END_PASSED, /* nothing was asked: off, optional, grace */
	AUTH_END_ACCEPTED,
};

enum { MEMORY_PATH = 256, MEMORY_ASKED = 1024 };

/*
 * What the handle remembers between the phases, for one user. Hosts that judge in a child and open
 * the session in its parent lose it there; nothing but messages may depend on it in a session.
 */
struct memory {
	bool auth_ran;
	enum auth_end end;
	enum reason refusal; /* AUTH_END_DENIED: why */
	bool source_is_new;  /* AUTH_END_ACCEPTED, from an address that is worth remembering */
	bool blind_logged;
	bool has_ticket;
	bool ticket_shared; /* in the slot of users without a state of their own */
	size_t ticket_ledger;
	struct attempt ticket;
	struct conf_mark conf; /* with AUTH_END_ACCEPTED: what it was judged by, see settled.h */
	char conf_path[MEMORY_PATH];
	char asked[MEMORY_ASKED];
	char name[]; /* canonical */
};

enum memory_found {
	MEMORY_UNREADABLE = 0, /* the handle did not say; nothing may be concluded from that */
	MEMORY_NONE,           /* or of somebody else whom our auth did not see */
	MEMORY_OF_ANOTHER,     /* our auth ran on this handle, but for somebody else */
	MEMORY_OURS,
};

/* The handle's memory of this user; *memory is NULL but for MEMORY_OURS. login may change the name
 * between tries. */
enum memory_found memory_find(pam_handle_t *pamh, const char *name, struct memory **memory);

/* For what asks no more than that: NULL when it is not ours. */
struct memory *memory_get(pam_handle_t *pamh, const char *name);

/* The handle's memory, whoever it is of; NULL when there is none or the handle did not say. */
struct memory *memory_held(pam_handle_t *pamh);

/* The same as memory_get, made anew where there is none of this user; NULL when that does not work.
 */
struct memory *memory_need(pam_handle_t *pamh, const char *name);

#endif
