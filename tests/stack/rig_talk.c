/* SPDX-License-Identifier: BSD-3-Clause */
/* Conversations and transactions through the real libpam. */
#include "tests/stack/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(char *text, size_t size, const char *line)
{
	size_t used = strlen(text);
	(void)snprintf(text + used, size - used, "%s\n", line);
}

static char *answer_one(struct talk *talk, const struct pam_message *message)
{
	if (message->msg_style != PAM_PROMPT_ECHO_OFF && message->msg_style != PAM_PROMPT_ECHO_ON) {
		append(talk->told_text, sizeof(talk->told_text), message->msg);
		if (talk->screen != NULL)
			append(talk->screen, RIG_SCREEN, message->msg);
		talk->told++;
		return NULL;
	}
	if (talk->before != NULL)
		talk->before(talk);
	if (talk->play != NULL)
		talk->play(talk, message->msg);
	if (talk->asked < RIG_PROMPTS) {
		(void)snprintf(talk->prompts[talk->asked], 512, "%s", message->msg);
		talk->styles[talk->asked] = message->msg_style;
	}
	const char *answer = talk->asked < talk->count ? talk->answers[talk->asked] : NULL;
	if (talk->blind)
		answer = RIG_PASSWORD;
	talk->asked++;
	return answer != NULL ? strdup(answer) : NULL;
}

static bool is_gone(struct talk *talk, const struct pam_message *message)
{
	if (talk->blind && message->msg_style == PAM_PROMPT_ECHO_ON)
		return true;
	return talk->gone_at != 0 && (message->msg_style == PAM_PROMPT_ECHO_ON ||
					      message->msg_style == PAM_PROMPT_ECHO_OFF
					  ? talk->asked + 1 >= talk->gone_at
					  : talk->asked >= talk->gone_at);
}

static int converse(int count, const struct pam_message **messages, struct pam_response **replies,
		    void *context)
{
	struct talk *talk = context;
	if (count != 1)
		talk->batches_wrong++;
	if (talk->fail != 0)
		return talk->fail;
	if (is_gone(talk, messages[0])) {
		talk->failed++;
		return PAM_CONV_ERR;
	}
	if (talk->no_reply)
		return PAM_SUCCESS;
	struct pam_response *array = calloc((size_t)count, sizeof(*array));
	if (array == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		array[i].resp = answer_one(talk, messages[i]);
	*replies = array;
	return PAM_SUCCESS;
}

/* Instead of libpam's own wait behind a refusal, which would be most of every test. */
static void no_delay(int result, unsigned microseconds, void *data)
{
	(void)result;
	(void)microseconds;
	(void)data;
}

pam_handle_t *rig_start(const char *service, const char *user, const char *rhost, struct talk *talk)
{
	const struct pam_conv conv = {converse, talk};
	pam_handle_t *pamh = NULL;
	if (pam_start_confdir(service, user, &conv, rig_path("pam.d"), &pamh) != PAM_SUCCESS ||
	    pamh == NULL) {
		fprintf(stderr, "pam_start_confdir failed\n");
		exit(99);
	}
	const union {
		void (*function)(int, unsigned, void *);
		const void *item;
	} delay = {no_delay};
	(void)pam_set_item(pamh, PAM_FAIL_DELAY, delay.item);
	if (rhost != NULL)
		(void)pam_set_item(pamh, PAM_RHOST, rhost);
	return pamh;
}

void rig_stop(pam_handle_t *pamh, int status)
{
	(void)pam_end(pamh, status);
}

static int open_and_close(pam_handle_t *pamh, int flags)
{
	int result = pam_setcred(pamh, (int)((unsigned)flags | PAM_ESTABLISH_CRED));
	if (result == PAM_SUCCESS)
		result = pam_open_session(pamh, flags);
	if (result == PAM_SUCCESS)
		result = pam_close_session(pamh, flags);
	return result;
}

int rig_login(const struct login *login, struct talk *talk)
{
	pam_handle_t *pamh = rig_start(login->service, login->user, login->rhost, talk);
	int result = pam_authenticate(pamh, login->flags);
	if (result == PAM_SUCCESS && login->account)
		result = pam_acct_mgmt(pamh, login->flags);
	if (result == PAM_SUCCESS && login->session)
		result = open_and_close(pamh, login->flags);
	rig_stop(pamh, result);
	return result;
}

int rig_answer(const char *user, const char *answer)
{
	struct talk talk = {.answers = {answer}, .count = 1};
	const struct login login = {.service = "code", .user = user, .rhost = "192.0.2.1"};
	return rig_login(&login, &talk);
}
