/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_AUDIT_H
#define PAM_KLING_AUDIT_H

#include "pam_kling/judge.h"
#include "pam_kling/request.h"

/* The kernel's audit records of a lock and of one that ran out; nothing where libaudit was not
 * there at build time. Failures change no decision. */
void audit_judgement(const struct request *request, const struct judgement *judgement);

#endif
