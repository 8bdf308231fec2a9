/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_STACK_RIG_H
#define TESTS_STACK_RIG_H

/*
 * The built module in the real libpam, on a private stage: users, PAM stacks, configuration, keys
 * and state exist in a scratch directory and a mount namespace of this process alone. The clock
 * and the log are interposed by the test program, so the module is the very file that ships.
 */

#include "lib/factor/token.h"
#include "lib/store/account.h"

#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RIG_ANSWERS = 8, RIG_TEXT = 2048, RIG_PROMPTS = 8, RIG_SCREEN = 16384 };

/* A user talking to one transaction: what will be answered, and what was seen. */
struct talk {
	const char *answers[RIG_ANSWERS]; /* in order; NULL answers with a NULL reply */
	size_t count;
	int fail;      /* a PAM code the conversation returns instead; 0 answers */
	bool no_reply; /* PAM_SUCCESS without a reply array */
	bool blind; /* visible prompts fail, hidden ones get RIG_PASSWORD: sshd's password method */
	size_t gone_at; /* from this prompt on (1 is the first) everything fails: the client left */
	void (*before)(struct talk *talk);                   /* called with the prompt open */
	void (*play)(struct talk *talk, const char *prompt); /* may set the answer to come */
	void *context;
	size_t asked;
	size_t told;
	size_t failed;        /* calls answered with PAM_CONV_ERR by blind and gone_at */
	size_t batches_wrong; /* calls with more than one message */
	char prompts[RIG_PROMPTS][512];
	int styles[RIG_PROMPTS];
	char told_text[RIG_TEXT]; /* info and error lines behind one another */
	char *screen;             /* RIG_SCREEN bytes for all of it, where told_text is too small */
};

#define RIG_PASSWORD "Correct-Horse-1"

/* Skips the program (exit 77 with the reason) when the stage cannot be built. Users: root, alice
 * 1001, bob 1002, carol 1003, dave 1004 with RIG_PASSWORD; user0 .. user63 from 2000 on without. */
void rig_begin(void);
void rig_end(void);

const char *rig_path(const char *name); /* below the scratch directory; static buffers in turn */

/* kling.conf below the directories of the stage: these lines follow state_dir and key_dir. */
void rig_conf(const char *lines);

/* A stack; every `@` in the text becomes "PATH-OF-MODULE conf=PATH-OF-CONF". */
void rig_service(const char *service, const char *stack);

/* A fresh key and store; nobody is enrolled. */
void rig_store(void);

/* Opens the store of the stage. */
void rig_open(struct store *store);

/* Enrolls with one SHA-1 token of 6 digits and 30 seconds and `codes` backup codes, which are
 * left in rig_backup(). The secret is the user's own, the same at every call. */
void rig_enroll(const char *user, unsigned codes);
const char *rig_backup(unsigned index);
const struct token *rig_token(const char *user);

/* The code of a user's token, `steps` away from now; static buffers in turn. */
const char *rig_code(const char *user, int steps);
const char *rig_wrong(const char *user); /* six digits that are right at no accepted step */

/* The clock that the module sees. Starts at 2026-11-21 12:00:10 UTC, boot 5000. */
void rig_clock_set(int64_t wall, int64_t boot);
void rig_clock_step(int64_t seconds); /* both */
void rig_clock_wall(int64_t seconds); /* the wall clock alone jumps */
int64_t rig_clock_now(void);
void rig_clock_break(bool broken);     /* no clock can be read */
void rig_reboot(int64_t wall_seconds); /* a new boot id, the boot clock at 60; the wall moves on */

/* The log: every line since rig_log_clear, prefixes stripped. Shared with forked children. */
void rig_log_clear(void);
const char *rig_log(void);
size_t rig_log_count(const char *fragment); /* lines that contain it */
extern void (*rig_log_watch)(void);         /* called inside each syslog; NULL: nothing */

/* A whole transaction. */
struct login {
	const char *service, *user, *rhost; /* rhost may be NULL */
	int flags;
	bool account; /* acct_mgmt too, when auth succeeded */
	bool session; /* setcred, open and close too */
};
pam_handle_t *rig_start(const char *service, const char *user, const char *rhost,
			struct talk *talk);
void rig_stop(pam_handle_t *pamh, int status);
int rig_login(const struct login *login, struct talk *talk);

/* pam_authenticate alone with one answer, at service "code" (the module alone) from 192.0.2.1. */
int rig_answer(const char *user, const char *answer);

/* `count` processes, each with an own handle, all held with their prompt open until the last one is
 * there. answers[i] is process i's; results[i] what pam_authenticate (and acct_mgmt, if `account`)
 * returned. At most 64. */
void rig_crowd(const struct login *login, const char *const *answers, size_t count, int *results);

/* Keeps what lies below the directories of state and keys, 64 files at most, and puts it back. */
void rig_save(void);
void rig_restore(void);

/* A snapshot of all files below the state directory, to see that nothing changed. */
uint64_t rig_fingerprint(void);
uint64_t rig_user_fingerprint(const char *user); /* of users/NAME alone */

/* Runs `body` in a child whose real uid is `uid` and whose effective uid stays 0, as sudo and su
 * have it; its result, 0 to 255. */
int rig_as(unsigned uid, int (*body)(void *context), void *context);

/* What the administrator's `unlock` does. */
void rig_unlock(const char *user);

/* Somebody of the stage, as /etc/passwd has it. */
struct who rig_who(const char *user);

/* The state of a user as it lies on the disk; two static buffers in turn. */
const struct live_state *rig_state(const char *user);

#endif
