/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/text.h"

#include "lib/base/text.h"
#include "lib/password/examine.h"
#include "lib/store/live_state.h"

#include <stddef.h>
#include <time.h>

const char text_refused[] = "Verification failed.";
const char text_locked[] = "Too many failed attempts: this account is locked for now. Try again "
			   "later, or ask your administrator.";
const char text_code_prompt[] = "Verification code: ";
const char text_combined_prompt[] = "Password and verification code: ";
const char text_password_prompt[] = "Password: ";
const char text_whom_to_ask[] = "The time to set up a second factor is over. Ask your "
				"administrator to enroll you.";
const char text_key_needs_code[] = "A key alone is not enough here: a verification code is "
				   "needed too.";

const char text_new_password[] = "New password: ";
const char text_new_password_again[] = "Retype new password: ";
const char text_passwords_differ[] = "The two passwords are not the same.";
const char text_list_unreadable[] = "The list of refused passwords cannot be read, so no password "
				    "can be set. Ask your administrator.";
const char text_no_change[] = "The password cannot be changed now. Ask your administrator.";

enum { DAY = 86400, WHEN_BYTES = 32 };

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void add_padded(struct text *text, int number)
{
	if (number < 10)
		text_add(text, "0");
	text_add_number(text, (unsigned long long)number);
}

/* UTC, by hand: the process's time zone and locale are whoever's. */
static void add_day(struct text *text, int64_t when)
{
	const time_t moment = (time_t)when;
	struct tm tm;
	if (gmtime_r(&moment, &tm) == NULL || tm.tm_year < 0)
		return;
	text_add(text, weekdays[tm.tm_wday]);
	text_add(text, " ");
	text_add_number(text, (unsigned long long)tm.tm_mday);
	text_add(text, " ");
	text_add(text, months[tm.tm_mon]);
	text_add(text, " ");
	text_add_number(text, (unsigned long long)(tm.tm_year + 1900));
}

static void add_time(struct text *text, int64_t when)
{
	int64_t second = when % DAY;
	add_day(text, when);
	text_add(text, " ");
	add_padded(text, (int)(second / 3600));
	text_add(text, ":");
	add_padded(text, (int)(second / 60 % 60));
	text_add(text, " UTC");
}

static void add_count(struct text *text, uint64_t count, const char *one, const char *many)
{
	text_add_number(text, count);
	text_add(text, count == 1 ? one : many);
}

static void add_source(struct text *text, const struct address *address)
{
	char where[46];
	if (address->family == 0)
		return;
	address_format(address, where);
	text_add(text, " from ");
	text_add(text, where);
}

void text_reminder(int64_t end, int64_t now, char out[TEXT_REMINDER_BYTES])
{
	struct text text = {out, TEXT_REMINDER_BYTES, 0, false};
	out[0] = '\0';
	text_add(&text, "Set up your second factor by ");
	add_day(&text, end - 1);
	if (end - now >= DAY) {
		text_add(&text, ", ");
		add_count(&text, (uint64_t)((end - now) / DAY), " day left", " days left");
	} else {
		text_add(&text, ", ");
		add_count(&text, (uint64_t)((end - now) / 3600), " hour left", " hours left");
	}
	text_add(&text, ": ask your administrator to enroll you.");
}

void text_report(const struct report *report, int codes_left, char out[TEXT_REPORT_BYTES])
{
	struct text text = {out, TEXT_REPORT_BYTES, 0, false};
	out[0] = '\0';
	if (report->last_login.when != 0) {
		text_add(&text, "Last login: ");
		add_time(&text, report->last_login.when);
		add_source(&text, &report->last_login.from);
	}
	if (report->failures > 0) {
		text_add(&text, text.length > 0 ? "\n" : "");
		add_count(&text, report->failures, " failed attempt", " failed attempts");
		text_add(&text, " since your last login, last");
		add_source(&text, &report->last_failure.from);
		text_add(&text, " on ");
		add_time(&text, report->last_failure.when);
	}
	if (codes_left >= 0 && codes_left <= 3) {
		text_add(&text, text.length > 0 ? "\n" : "");
		add_count(&text, (uint64_t)codes_left, " backup code left.", " backup codes left.");
	}
}

void text_explanation(const struct password_report *report, bool waived,
		      char out[TEXT_EXPLANATION_BYTES])
{
	struct text text = {out, TEXT_EXPLANATION_BYTES, 0, false};
	out[0] = '\0';
	text_add(&text, waived ? "This password would be refused to anybody but root. It needs:"
			       : "This password is refused. A new one needs:");
	for (unsigned rule = 0; rule < PASSWORD_RULES; rule++) {
		char line[PASSWORD_TEXT_BYTES];
		if (!password_is_unmet(report, (enum password_rule)rule))
			continue;
		password_explain(report, (enum password_rule)rule, line);
		text_add(&text, "\n  - ");
		text_add(&text, line);
	}
}
