/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/conversation.h"

#include <stdlib.h>
#include <string.h>

/* A longer answer cannot be a code; the rest of it is never copied. */
enum { REPLY_MAX = 1024 };

static int call(pam_handle_t *pamh, int style, const char *text, struct pam_response **reply)
{
	const void *item = NULL;
	if (pam_get_item(pamh, PAM_CONV, &item) != PAM_SUCCESS || item == NULL)
		return PAM_CONV_ERR;
	const struct pam_conv *conv = item;
	if (conv->conv == NULL)
		return PAM_CONV_ERR;
	const struct pam_message message = {.msg_style = style, .msg = text};
	const struct pam_message *messages[1] = {&message};
	return conv->conv(1, messages, reply, conv->appdata_ptr);
}

static int keep(struct secret *reply, const char *answer)
{
	if (answer == NULL)
		return PAM_SUCCESS;
	size_t length = strnlen(answer, REPLY_MAX);
	return secret_copy(reply, answer, length) == ST_OK ? PAM_SUCCESS : PAM_BUF_ERR;
}

static int ask(pam_handle_t *pamh, int style, const char *prompt, struct secret *reply)
{
	secret_clear(reply);
	struct pam_response *answer = NULL;
	int called = call(pamh, style, prompt, &answer);
	if (answer == NULL)
		return PAM_CONV_ERR;
	int result = called == PAM_SUCCESS ? keep(reply, answer[0].resp) : PAM_CONV_ERR;
	wipe_string(answer[0].resp);
	free(answer);
	return result;
}

int conversation_ask(pam_handle_t *pamh, const char *prompt, struct secret *reply)
{
	return ask(pamh, PAM_PROMPT_ECHO_OFF, prompt, reply);
}

int conversation_ask_openly(pam_handle_t *pamh, const char *prompt, struct secret *reply)
{
	return ask(pamh, PAM_PROMPT_ECHO_ON, prompt, reply);
}

void conversation_tell(pam_handle_t *pamh, int style, const char *line)
{
	struct pam_response *answer = NULL;
	(void)call(pamh, style, line, &answer);
	if (answer == NULL)
		return;
	wipe_string(answer[0].resp);
	free(answer);
}
