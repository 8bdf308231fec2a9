/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_TEXT_H
#define PAM_KLING_TEXT_H

#include "policy/rules.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Everything the module says to people, in ASCII English: its locale is not its own. Formats take
 * what their comment in text.c says.
 */
/* For the log. */
extern const char text_swap[];

extern const char text_refused[];
extern const char text_locked[];
extern const char text_combined_prompt[];
extern const char text_password_prompt[];
extern const char text_whom_to_ask[];
extern const char text_key_needs_code[];
extern const char text_enroll_scan[];
extern const char text_enroll_key[];
extern const char text_enroll_key_alone[];
extern const char text_enroll_code[];
extern const char text_enroll_wrong[];
extern const char text_enroll_codes[];
extern const char text_enroll_stored[];
extern const char text_enroll_done[];
extern const char text_enroll_stopped[];
extern const char text_enroll_elsewhere[];
extern const char text_enroll_failed[];
extern const char text_new_password[];
extern const char text_new_password_again[];
extern const char text_passwords_differ[];
extern const char text_list_unreadable[];
extern const char text_no_change[];

enum { TEXT_REMINDER_BYTES = 1024, TEXT_REPORT_BYTES = 1024, TEXT_EXPLANATION_BYTES = 3072 };

struct live_state;
struct password_report;

struct reminder {
	int64_t end, now;
	const char *user;
	const struct word_list *offered_in; /* services that offer enrollment; NULL: none */
};

/* "Set up your second factor by Fri 28 Nov 2026, 5 days left: ...": what runs out, when, and what
 * to do. */
void text_reminder(const struct reminder *reminder, char out[TEXT_REMINDER_BYTES]);

/* The same as a question, for a login that offers enrollment. */
void text_enroll_question(int64_t end, int64_t now, char out[TEXT_REMINDER_BYTES]);

/* All that a new password lacks, a line each; waived: root may set it all the same. */
void text_explanation(const struct password_report *report, bool waived,
		      char out[TEXT_EXPLANATION_BYTES]);

/* A factor newly set up, last login, failures since, few codes left; "" when there is nothing to
 * say. */
void text_report(const struct live_state *state, int codes_left, char out[TEXT_REPORT_BYTES]);

#endif
