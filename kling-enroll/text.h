/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_TEXT_H
#define KLING_ENROLL_TEXT_H

/* Everything the tool says, so that it can be read, corrected and one day translated in one place.
 * What reads `%s` or `%u` is a format; the rest is never used as one. */

/* uri.c */
#define TEXT_TOKEN_KIND "%s, %u digits, a new code every %u seconds"
#define TEXT_HOTP       "HOTP (counter-based) tokens are not supported, only TOTP"
#define TEXT_URI_SCHEME "not an otpauth://totp/ URI"
#define TEXT_URI_LABEL                                                                             \
	"the label or issuer is empty, too long, or not UTF-8 without control characters"
#define TEXT_URI_NO_SECRET    "the URI has no secret"
#define TEXT_URI_SECRET_BAD   "the secret is not base32"
#define TEXT_URI_SECRET_SHORT "the secret has fewer than 128 bits"
#define TEXT_URI_SECRET_LONG  "the secret has more than 512 bits"
#define TEXT_URI_TWICE        "a parameter stands in the URI twice"
#define TEXT_URI_DIGITS       "digits must be 6, 7 or 8"
#define TEXT_URI_PERIOD       "period must be 15 to 300 seconds"
#define TEXT_URI_ALGORITHM    "algorithm must be SHA1, SHA256 or SHA512"

/* sheet.c, sheet_pdf.c */
#define TEXT_SHEET_TITLE       "Backup codes"
#define TEXT_SHEET_TITLE_TOKEN "Verification codes"
#define TEXT_SHEET_USER        "User"
#define TEXT_SHEET_HOST        "Computer"
#define TEXT_SHEET_MADE        "Made on"
#define TEXT_SHEET_SET         "Set number"
#define TEXT_SHEET_USE         "How to use a code"
#define TEXT_SHEET_USE_1                                                                           \
	"When you are asked for a verification code and your phone is not at hand, type one of "   \
	"these codes instead."
#define TEXT_SHEET_USE_2                                                                           \
	"Each code works once. Tick its box when it is used. Any order will do; capital letters "  \
	"and hyphens do not matter."
#define TEXT_SHEET_USE_3                                                                           \
	"There is no O, I, L or U in a code: what looks like one is a zero or a one."
#define TEXT_SHEET_KEEP "How to keep this sheet"
#define TEXT_SHEET_KEEP_1                                                                          \
	"Keep it apart from your phone and your password, as you would keep a spare key. A new "   \
	"sheet makes this one void."
#define TEXT_SHEET_KEEP_2                                                                          \
	"If it is lost, or somebody may have seen it, tell your administrator at once."
#define TEXT_SHEET_BURN                                                                            \
	"Whoever has this picture has your second factor: destroy the sheet when the phone is "    \
	"set up."
#define TEXT_SHEET_SCAN_TITLE "Set up your phone"
#define TEXT_SHEET_SCAN                                                                            \
	"Scan the picture with an authenticator app, or type in this secret. Then cut it off and " \
	"destroy it."
#define TEXT_SHEET_CONTACT "Ask for help:"
#define TEXT_SHEET_FOOT    "Made by kling-enroll. Nobody will ever ask you to read out a code."

#endif
