/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A module that does what this product cannot do without and decides nothing: it loads liboath
 * and libcrypto, looks the user up, asks, does the floor's work and writes one line to the
 * log. What a login costs beyond it is Kling's own.
 *
 *     auth required pam_needed.so FILE
 */
#include "tests/bench/unavoidable.h"

#include <liboath/oath.h>
#include <openssl/crypto.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#define ENTRY __attribute__((visibility("default")))

ENTRY int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const char *name = NULL;
	char *answer = NULL;
	char room[4096];
	struct passwd person, *found = NULL;
	(void)flags;
	if (argc != 1 || pam_get_user(pamh, &name, NULL) != PAM_SUCCESS ||
	    getpwnam_r(name, &person, room, sizeof(room), &found) != 0 || found == NULL ||
	    pam_prompt(pamh, PAM_PROMPT_ECHO_OFF, &answer, "Code: ") != PAM_SUCCESS)
		return PAM_SYSTEM_ERR;
	if (answer != NULL)
		OPENSSL_cleanse(answer, strlen(answer));
	free(answer);
	if (oath_check_version(NULL) == NULL || unavoidable_work(argv[0]) != 0)
		return PAM_SYSTEM_ERR;
	pam_syslog(pamh, LOG_INFO, "user %s did what is needed", name);
	return PAM_SUCCESS;
}

ENTRY int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}
