/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/text.h"

#include "lib/base/text.h"
#include "lib/password/examine.h"
#include "lib/store/live_state.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

const char text_swap[] =
    "memory cannot be locked (RLIMIT_MEMLOCK): secrets may reach the swap space";

const char text_refused[] = "Verification failed.";
const char text_locked[] = "Too many failed attempts: this account is locked for now. Try again "
			   "later, or ask your administrator.";
const char text_combined_prompt[] = "Password and verification code: ";
const char text_password_prompt[] = "Password: ";
const char text_whom_to_ask[] = "The time to set up a second factor is over. Ask your "
				"administrator to enroll you.";
const char text_key_needs_code[] = "A key alone is not enough here: a verification code is "
				   "needed too.";

const char text_enroll_scan[] =
    "Scan this picture with an authenticator app, or type the key below "
    "it:\n";
const char text_enroll_key[] = "Key: ";
const char text_enroll_key_alone[] = "Type this key into an authenticator app on your phone:\n";
const char text_enroll_code[] = "Code that the app shows now (Enter to stop): ";
const char text_enroll_wrong[] = "That is not the current code. Wait for the next one, and check "
				 "that the phone sets its clock by itself.";
const char text_enroll_codes[] = "\nBackup codes, for when the phone is not at hand. Each works "
				 "once, in place of a code.\nThey are shown this once: print them "
				 "or write them down.";
const char text_enroll_stored[] = "Type yes when you have stored them (no to stop): ";
const char text_enroll_done[] = "Your second factor is set up. The next login asks for a code.";
const char text_enroll_stopped[] =
    "Nothing was set up; the entry in the app, if there is one, is of "
    "no use.";
const char text_enroll_elsewhere[] = "A second factor was set up for you elsewhere meanwhile. That "
				     "one holds: delete this one from the app.";
const char text_enroll_failed[] =
    "Your second factor could not be set up, and nothing was changed. "
    "Ask your administrator.";

const char text_new_password[] = "New password: ";
const char text_new_password_again[] = "Retype new password: ";
const char text_passwords_differ[] = "The two passwords are not the same.";
const char text_list_unreadable[] = "The list of refused passwords cannot be read, so no password "
				    "can be set. Ask your administrator.";
const char text_no_change[] = "The password cannot be changed now. Ask your administrator.";

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, CODES_FEW = 3 };

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

/* The day, with the time of the day when it is near. */
static void add_deadline(struct text *text, int64_t end, int64_t now)
{
	int64_t left = end - now;
	if (left >= DAY) {
		add_day(text, end - 1);
		text_add(text, ", ");
		add_count(text, (uint64_t)(left / DAY), " day left", " days left");
		return;
	}
	add_time(text, end);
	text_add(text, ", ");
	if (left >= HOUR)
		add_count(text, (uint64_t)(left / HOUR), " hour left", " hours left");
	else
		add_count(text, (uint64_t)(left / MINUTE + 1), " minute left", " minutes left");
}

static void add_services(struct text *text, const struct word_list *services)
{
	for (size_t i = 0; i < services->count; i++) {
		text_add(text, i == 0 ? "" : i + 1 < services->count ? ", " : " or ");
		text_add(text, services->words[i]);
	}
}

void text_reminder(const struct reminder *reminder, char out[TEXT_REMINDER_BYTES])
{
	struct text text = {out, TEXT_REMINDER_BYTES, 0, false};
	bool elsewhere = reminder->offered_in != NULL && reminder->offered_in->count > 0;
	out[0] = '\0';
	text_add(&text, "Set up your second factor by ");
	add_deadline(&text, reminder->end, reminder->now);
	text_add(&text, elsewhere ? ": answer yes when a login through " : "");
	if (elsewhere)
		add_services(&text, reminder->offered_in);
	text_add(&text, elsewhere
			    ? " offers it, or ask your administrator to run: kling-enroll add "
			    : ": ask your administrator to run: kling-enroll add ");
	text_add_visible(&text, reminder->user, strlen(reminder->user));
}

void text_enroll_question(int64_t end, int64_t now, char out[TEXT_REMINDER_BYTES])
{
	struct text text = {out, TEXT_REMINDER_BYTES, 0, false};
	out[0] = '\0';
	text_add(&text, "\nYour account needs a second factor by ");
	add_deadline(&text, end, now);
	text_add(&text, ".\nSet it up now with an app on your phone? (yes, or Enter to do it "
			"later): ");
}

static void add_line_break(struct text *text)
{
	text_add(text, text->length > 0 ? "\n" : "");
}

static void add_sighting(struct text *text, const struct sighting *sighting)
{
	add_time(text, sighting->when);
	add_source(text, &sighting->from);
	if (sighting->service[0] == '\0')
		return;
	text_add(text, " (");
	text_add_visible(text, sighting->service, strlen(sighting->service));
	text_add(text, ")");
}

/* The first login with a code after it was set up is the one to tell. */
static bool is_newly_enrolled(const struct live_state *state)
{
	int64_t when = state->enrolled_at.when;
	return when != 0 && state->last_login.when >= when && state->shown.last_login.when < when;
}

void text_report(const struct live_state *state, int codes_left, char out[TEXT_REPORT_BYTES])
{
	struct text text = {out, TEXT_REPORT_BYTES, 0, false};
	const struct report *report = &state->shown;
	out[0] = '\0';
	if (is_newly_enrolled(state)) {
		text_add(&text, "Your second factor was set up on ");
		add_sighting(&text, &state->enrolled_at);
		text_add(&text, ". If that was not you, tell your administrator.");
	}
	if (report->last_login.when != 0) {
		add_line_break(&text);
		text_add(&text, "Last login with a code: ");
		add_sighting(&text, &report->last_login);
	}
	if (report->failures > 0) {
		add_line_break(&text);
		add_count(&text, report->failures, " failed attempt", " failed attempts");
		text_add(&text, " since your last login, last");
		add_source(&text, &report->last_failure.from);
		text_add(&text, " on ");
		add_time(&text, report->last_failure.when);
	}
	if (codes_left >= 0 && codes_left <= CODES_FEW) {
		add_line_break(&text);
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
