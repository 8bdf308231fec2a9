/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_MODEL_MODEL_H
#define TESTS_MODEL_MODEL_H

/*
 * The reference: what a login and a command do to a person's record, as DESIGN says it, over values
 * that can be copied and replayed in any order. It knows no file, lock, process or crash. Of the
 * code under test it takes only the numbers of the ledgers, to compare them, and the arithmetic of
 * addresses and of TOTP, which the RFC's vectors prove elsewhere.
 */
#include "lib/factor/backup.h"
#include "lib/factor/token.h"
#include "policy/lockout.h"
#include "policy/replay.h"

#include <stdbool.h>
#include <stdint.h>

enum { MODEL_USERS = 3, MODEL_TEXT = 96 };

/* Where somebody stands who types. */
struct door {
	enum source_kind kind;
	const char *service;
	const char *rhost; /* NULL: none */
	unsigned uid;      /* SOURCE_LOCAL: the caller's; 0 is root */
	bool self;         /* SOURCE_LOCAL: the user himself calls */
};

enum typed {
	TYPED_NOTHING = 0,
	TYPED_BLIND, /* by a host that answers hidden prompts with the password */
	TYPED_JUNK,  /* by an sshd that refuses anyway */
	TYPED_GONE,  /* the client hung up */
	TYPED_OTHER, /* neither digits nor a backup code */
	TYPED_DIGITS,
	TYPED_CODE, /* has the shape of a backup code */
};

struct reply {
	enum typed typed;
	char text[MODEL_TEXT];
	uint32_t set; /* TYPED_CODE: number `index` of that set; 0: of none */
	unsigned index;
};

/* What is said of it in the log. */
struct verdict {
	const char *event;  /* accept, deny, pass */
	const char *reason; /* as in the log */
	bool has_ledger;
	size_t ledger;
	unsigned fails;
	bool locks; /* the ledger got locked */
	bool caps;  /* the cap was reached */
};

struct count {
	bool in_use;
	uint32_t uid;
	struct address source;
	int64_t last_use;
	unsigned fails, run, doublings;
	int64_t until;
};

struct device {
	struct token token;
	uint64_t last;    /* step accepted */
	uint64_t charged; /* step refused as used, and charged */
};

struct model_user {
	uint32_t uid;
	bool has_state, enrolled;
	size_t device_count;
	struct device devices[TOKENS_MAX];
	uint32_t set; /* a number that no other set ever has */
	bool set_known;
	uint8_t salt[BACKUP_SALT_BYTES]; /* set_known: how it is told from others on the disk */
	unsigned code_count;
	uint32_t spent;
	struct count counts[LEDGER_COUNT];
	int64_t boot, wall; /* of the last write of the counts, and in which boot */
	unsigned boots;
	int64_t highest;
	int64_t grace_start, grace_extended, grace_seen;
	bool grace_ended;
};

struct model_rules {
	unsigned tries, cap, window;
	int64_t duration, longest, grace;
	bool one_ledger, optional;
};

struct model {
	struct model_rules rules;
	int64_t wall, boot;
	unsigned boots; /* which boot it is; the first is 1 */
	struct model_user users[MODEL_USERS];
};

/* Before the prompt: true when it comes; *foregone is what it will be refused for, or NULL.
 * False: let through without one, `verdict` says why. */
bool model_arrive(const struct model *model, unsigned user, const char **foregone,
		  struct verdict *verdict);

/* The reply in hand. */
void model_judge(struct model *model, unsigned user, const struct door *door,
		 const struct reply *reply, const char *foregone, struct verdict *verdict);

/* The account phase of a login that was accepted or let through; false: refused there. */
bool model_account(struct model *model, unsigned user, const struct door *door, bool accepted);

/* One more wrong answer, whatever it was. */
void model_charge(struct model *model, unsigned user, const struct door *door);

/* The commands return the tool's exit code. `made` is the new token, `set` the new codes'. */
int model_unlock(struct model *model, unsigned user);
int model_codes(struct model *model, unsigned user, uint32_t set);
int model_add(struct model *model, unsigned user, const char *label, uint32_t set);
int model_replace(struct model *model, unsigned user, uint32_t set);
int model_remove(struct model *model, unsigned user, const char *label);
int model_resync(struct model *model, unsigned user, size_t device, uint64_t second);
int model_grace(struct model *model, unsigned user, int64_t extend); /* 0: end */

enum { MODEL_FRESH_CODES = 10 };

#endif
