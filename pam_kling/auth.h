/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_AUTH_H
#define PAM_KLING_AUTH_H

#include <security/pam_modules.h>

/* The auth line: asks for the code and judges it. */
int auth_run(pam_handle_t *pamh, int flags, int argc, const char **argv);

/* The optional first auth line: counts passwords, stops while they are locked. Never vouches. */
int preauth_run(pam_handle_t *pamh, int flags, int argc, const char **argv);

#endif
