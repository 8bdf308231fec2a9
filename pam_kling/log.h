/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_LOG_H
#define PAM_KLING_LOG_H

#include "pam_kling/judge.h"
#include "pam_kling/request.h"
#include "policy/password.h"

/*
 * One line for each decision, after every lock is released. Each value is quoted and escaped where
 * it could be anything else than a plain word. Names of users who do not exist are left out, and
 * nothing that was typed is ever in it.
 */

/* A decision without a judgement: passes, refusals before it, account, preauth. */
void log_decision(const struct request *request, const char *event, enum reason reason);

/* A judged answer: accept or deny, and what it did to the ledger (lock, cap, a slot replaced). */
void log_judgement(const struct request *request, const struct judgement *judgement);

/* Only what happened to a ledger: locked, capped, reopened, a slot replaced; each a line. */
void log_consequences(const struct request *request, const struct judgement *judgement);

/* A new password that did not meet the rules: which ones, and whether root may have it all the
 * same. */
void log_password(const struct request *request, const struct password_report *report, bool waived);

/* For whoever debugs: that secrets could not be locked in memory. It decides nothing. */
void log_swap(const struct request *request);

/* The configuration did not load: file, line, word and problem. */
void log_configuration(const struct request *request);

#endif
