/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_SESSION_H
#define PAM_KLING_SESSION_H

#include <security/pam_modules.h>

/* Tells the user what happened since the last login. Never stops a session, writes nothing. */
int session_run(pam_handle_t *pamh, int flags, int argc, const char **argv);

#endif
