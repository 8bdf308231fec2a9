/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_SUMMARY_H
#define KLING_ENROLL_SUMMARY_H

#include "kling-enroll/tool.h"
#include "lib/show/out.h"

#include <stdbool.h>

struct token_summary {
	char label[TOKEN_LABEL_MAX + 1];
	enum token_algorithm algorithm;
	unsigned digits;
	unsigned period;
	int64_t last_used; /* 0: never */
};

struct ledger_summary {
	const char *name;
	struct address source; /* of the known ones */
	uint32_t password_failures;
	uint32_t code_failures;
	int64_t locked_until;  /* 0: open */
	enum lock_state codes; /* what wrong codes have done to it */
};

/* What there is to say of one person. No secret is in it. */
struct summary {
	const char *user; /* borrowed */
	int64_t now;      /* when it was read */
	uid_t uid;
	int64_t enrolled; /* since; 0: not */
	size_t token_count;
	struct token_summary tokens[TOKENS_MAX];
	uint32_t codes_left;
	uint32_t codes_made;
	uint32_t set_id; /* 0: no backup codes */
	bool locked;
	int64_t locked_until; /* 0 when not locked; LOCKED_UNTIL_UNLOCK */
	size_t ledger_count;
	struct ledger_summary ledgers[LEDGER_COUNT];
	struct grace_view grace; /* where a second factor is required and there is none */
	bool required;
	bool repair_due;
};

/* Reads enrollment and state under the lock. The statuses are those of the store. */
enum status summary_read(struct tool *tool, const struct who *who, const struct rules *rules,
			 struct summary *summary) MUST_USE;

/* One JSON line; `ledgers` as status has them, without as list. */
void summary_json(struct out *out, const struct summary *summary, bool ledgers);

/* For people: a paragraph, or one line of a table (with its head when summary is NULL). */
void summary_text(struct out *out, const struct summary *summary);
void summary_row(struct out *out, const struct summary *summary);

#endif
