/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/outcome.h"

#include <security/pam_modules.h>

enum reason outcome_reason(enum status status)
{
	switch (status) {
	case ST_OK:
		return REASON_OK;
	case ST_NOMEM:
		return REASON_NOMEM;
	case ST_IO:
		return REASON_STATE_IO;
	case ST_LOCK_TIMEOUT:
		return REASON_LOCK_TIMEOUT;
	case ST_MISSING:
	case ST_STORE_LOST:
		return REASON_STATE_MISSING;
	case ST_PERM:
		return REASON_STATE_PERM;
	case ST_CORRUPT:
	case ST_TOO_BIG:
		return REASON_STATE_CORRUPT;
	case ST_OWNER:
		return REASON_STATE_OWNER;
	case ST_KEY_MISSING:
		return REASON_KEY_MISSING;
	case ST_KEY_MISMATCH:
		return REASON_KEY_MISMATCH;
	case ST_UNINITIALISED:
		return REASON_NOT_INITIALISED;
	case ST_CONFIG:
		return REASON_CONFIG;
	case ST_BAD_NAME:
		return REASON_BAD_NAME;
	case ST_NO_USER:
		return REASON_UNKNOWN;
	case ST_CLOCK:
		return REASON_CLOCK_INVALID;
	case ST_INTERNAL:
	case ST_EXISTS:
	case ST_LOOKUP:
	case ST_SYNTAX:
	case ST_RANGE:
	case ST_STALE:
	case ST_COUNT:
		break;
	}
	return REASON_INTERNAL;
}

static int refusal(enum reason reason, bool host, int usual)
{
	if (reason == REASON_CONV)
		return PAM_CONV_ERR;
	if (reason == REASON_NOMEM)
		return PAM_BUF_ERR;
	return host ? PAM_SYSTEM_ERR : usual;
}

int outcome_auth(struct decision decision, bool host)
{
	switch (decision.verdict) {
	case VERDICT_ACCEPT:
		return PAM_SUCCESS;
	case VERDICT_PASS:
		return PAM_IGNORE;
	case VERDICT_DENY:
	case VERDICT_ASK:
	case VERDICT_ENROLL:
		break;
	}
	return refusal(decision.reason, host, PAM_AUTH_ERR);
}

int outcome_account(struct decision decision, bool host)
{
	switch (decision.verdict) {
	case VERDICT_PASS:
	case VERDICT_ENROLL:
		return PAM_SUCCESS;
	case VERDICT_DENY:
	case VERDICT_ASK:
	case VERDICT_ACCEPT:
		break;
	}
	return refusal(decision.reason, host, PAM_PERM_DENIED);
}

/* A store or list that cannot be read is the machine's trouble, whoever changes a password. */
int outcome_password(enum reason reason, bool host)
{
	if (reason == REASON_OK)
		return PAM_SUCCESS;
	return refusal(reason, host || reason == REASON_BLOCKLIST, PAM_AUTHTOK_ERR);
}

enum reason outcome_of_conversation(int pam_error)
{
	return pam_error == PAM_BUF_ERR ? REASON_NOMEM : REASON_CONV;
}
