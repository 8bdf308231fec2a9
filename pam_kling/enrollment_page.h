/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_ENROLLMENT_PAGE_H
#define PAM_KLING_ENROLLMENT_PAGE_H

#include "lib/base/secret.h"
#include "lib/show/otpauth.h"

#include <stdint.h>

/*
 * What the enrollment dialogue shows. A line feed stands first, because sshd's client writes a
 * prefix into the first line; there is no colour, because it shows escapes as text.
 */

/* The QR code for dark terminals where it takes at most 30 lines; key and URI below. */
void enrollment_page_token(struct out *page, const struct otpauth *otpauth);

/* `count` texts of BACKUP_CODE_TEXT bytes, numbered. */
void enrollment_page_codes(struct out *page, const struct secret *codes, uint32_t count);

#endif
