/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_CONVERSATION_H
#define PAM_KLING_CONVERSATION_H

#include "lib/base/attributes.h"
#include "lib/base/secret.h"

#include <security/pam_modules.h>

/*
 * One hidden prompt, one message a call. PAM_SUCCESS: *reply holds the answer, or is empty when
 * the host gave none; the host's copy was wiped and freed. Otherwise PAM_CONV_ERR or PAM_BUF_ERR.
 */
int conversation_ask(pam_handle_t *pamh, const char *prompt, struct secret *reply) MUST_USE;

/* The same with what is typed shown. sshd's password method refuses these: PAM_CONV_ERR. */
int conversation_ask_openly(pam_handle_t *pamh, const char *prompt, struct secret *reply) MUST_USE;

/* A line to read. Failures are nobody's business: nothing depends on it. */
void conversation_tell(pam_handle_t *pamh, int style, const char *line);

#endif
