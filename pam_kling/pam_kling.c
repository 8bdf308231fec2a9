/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/account.h"
#include "pam_kling/auth.h"
#include "pam_kling/password.h"
#include "pam_kling/session.h"

#include <security/pam_modules.h>
#include <string.h>

/* The entry points: what PAM calls, and which of our words it means. */

#define ENTRY __attribute__((visibility("default")))

static int is_preauth(int argc, const char **argv)
{
	for (int i = 0; i < argc; i++)
		if (argv[i] != NULL && strcmp(argv[i], "preauth") == 0)
			return 1;
	return 0;
}

ENTRY int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	if (pamh == NULL)
		return PAM_SYSTEM_ERR;
	return is_preauth(argc, argv) ? preauth_run(pamh, flags, argc, argv)
				      : auth_run(pamh, flags, argc, argv);
}

/* There are no credentials, and a host whose only module says "ignore" here hangs up. */
ENTRY int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

ENTRY int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return pamh == NULL ? PAM_SYSTEM_ERR : account_run(pamh, flags, argc, argv);
}

ENTRY int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return pamh == NULL ? PAM_SYSTEM_ERR : session_run(pamh, flags, argc, argv);
}

ENTRY int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

ENTRY int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return pamh == NULL ? PAM_SYSTEM_ERR : password_run(pamh, flags, argc, argv);
}
