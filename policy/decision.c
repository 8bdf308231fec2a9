/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/decision.h"

static const char *const words[REASON_COUNT] = {
    [REASON_INTERNAL] = "internal",
    [REASON_OK] = "ok",
    [REASON_BAD_CODE] = "bad-code",
    [REASON_REPLAY] = "replay",
    [REASON_LOCKED] = "locked",
    [REASON_CAP] = "cap",
    [REASON_UNKNOWN] = "unknown",
    [REASON_NOT_ENROLLED] = "not-enrolled",
    [REASON_BAD_NAME] = "bad-name",
    [REASON_BLIND_CONVERSATION] = "blind-conversation",
    [REASON_HOST_REFUSED] = "host-refused",
    [REASON_NO_ANSWER] = "no-answer",
    [REASON_STATE_MISSING] = "state-missing",
    [REASON_STATE_CORRUPT] = "state-corrupt",
    [REASON_STATE_PERM] = "state-perm",
    [REASON_STATE_OWNER] = "state-owner",
    [REASON_STATE_IO] = "state-io",
    [REASON_LOCK_TIMEOUT] = "lock-timeout",
    [REASON_KEY_MISSING] = "key-missing",
    [REASON_KEY_MISMATCH] = "key-mismatch",
    [REASON_CLOCK_BACK] = "clock-back",
    [REASON_CLOCK_INVALID] = "clock-invalid",
    [REASON_CONFIG] = "config",
    [REASON_RHOST_NAME] = "rhost-name",
    [REASON_RHOST_DENIED] = "rhost-denied",
    [REASON_DEADLINE] = "deadline",
    [REASON_NOT_INITIALISED] = "not-initialised",
    [REASON_RESCUE] = "rescue",
    [REASON_NOMEM] = "nomem",
    [REASON_LIMITS] = "limits",
    [REASON_CONV] = "conv",
    [REASON_GRACE] = "grace",
    [REASON_OPTIONAL] = "optional",
    [REASON_OFF] = "off",
    [REASON_PUBLIC_KEY] = "public-key",
    [REASON_PASSWORD_RULES] = "password-rules",
    [REASON_BLOCKLIST] = "blocklist",
};

const char *reason_text(enum reason reason)
{
	if ((unsigned)reason >= REASON_COUNT || !words[reason])
		return words[REASON_INTERNAL];
	return words[reason];
}
