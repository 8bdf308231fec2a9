/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_PASSWORD_H
#define PAM_KLING_PASSWORD_H

#include <security/pam_modules.h>

/*
 * The password line, both rounds. PRELIM_CHECK asks for the code as the auth phase does, unless
 * root changes another's password or this handle has accepted a code already. UPDATE_AUTHTOK holds
 * the new password against the rules, explains all that are not met, asks again, and leaves an
 * accepted one in PAM_AUTHTOK for whoever stores it; after a refusal there is none.
 */
int password_run(pam_handle_t *pamh, int flags, int argc, const char **argv);

#endif
