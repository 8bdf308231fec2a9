/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/outcome.h"

#include <security/pam_modules.h>

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
