/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/bench/login.h"

#include <dlfcn.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int converse(int count, const struct pam_message **messages, struct pam_response **replies,
		    void *context)
{
	struct pam_response *array = calloc((size_t)count, sizeof(*array));
	if (array == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF ||
		    messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
			array[i].resp = strdup(context);
	*replies = array;
	return PAM_SUCCESS;
}

void become_host(void)
{
	typedef int initialise(unsigned long long, const void *);
	typedef const void *fetch(void *, const char *, const char *);
	void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL);
	if (library == NULL) {
		fprintf(stderr, "transaction: %s\n", dlerror());
		exit(2);
	}
	initialise *init = NULL;
	fetch *md = NULL;
	*(void **)&init = dlsym(library, "OPENSSL_init_crypto");
	*(void **)&md = dlsym(library, "EVP_MD_fetch");
	if (init == NULL || md == NULL || init(0x4c, NULL) != 1 || md(NULL, "SHA256", NULL) == NULL)
		exit(2);
}

int log_in(const char *confdir, const char *service, const char *user, char *answer)
{
	const struct pam_conv conv = {converse, answer};
	pam_handle_t *pamh = NULL;
	int result = pam_start_confdir(service, user, &conv, confdir, &pamh);
	if (result != PAM_SUCCESS)
		return result;
	(void)pam_set_item(pamh, PAM_RHOST, "192.0.2.7");
	result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_setcred(pamh, PAM_ESTABLISH_CRED);
	(void)pam_end(pamh, result);
	return result;
}
