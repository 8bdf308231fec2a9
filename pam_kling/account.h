/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_ACCOUNT_H
#define PAM_KLING_ACCOUNT_H

#include <security/pam_modules.h>

/* The account line: addresses, public keys, the deadline; redeems the password's ticket. */
int account_run(pam_handle_t *pamh, int flags, int argc, const char **argv);

#endif
