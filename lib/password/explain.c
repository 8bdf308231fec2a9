/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/text.h"
#include "lib/password/examine.h"
#include "policy/mark.h"

/* po: %h and %n stand for what there is and what is needed; %s for an English plural's s. */
struct wording {
	const char *word;
	const char *text;
};

static const struct wording wordings[PASSWORD_RULES] = {
    [PASSWORD_TOO_LONG] = {"too-long", N_("at most %n bytes (this has %h)")},
    [PASSWORD_NOT_UTF8] = {"not-utf8", N_("text in UTF-8: some bytes of this are not")},
    [PASSWORD_HAS_CONTROL] = {"control", N_("no control characters, such as a tab")},
    [PASSWORD_LENGTH] = {"length", N_("at least %n character%s (this has %h)")},
    [PASSWORD_UPPER] = {"upper", N_("at least %n upper-case letter%s (this has %h)")},
    [PASSWORD_LOWER] = {"lower", N_("at least %n lower-case letter%s (this has %h)")},
    [PASSWORD_DIGIT] = {"digit", N_("at least %n digit%s (this has %h)")},
    [PASSWORD_SPECIAL] = {"special", N_("at least %n special character%s, such as ! - + or a blank "
					"(this has %h)")},
    [PASSWORD_SAME] = {"same", N_("more than the old password in other case or backwards")},
    [PASSWORD_CHANGED] = {"changed", N_("at least %n character%s that the old password does not "
					"contain, in either case (this has %h)")},
    [PASSWORD_REPETITION] = {"repetition",
			     N_("less repetition: with repeats and runs such as 1234 or qwerty "
				"counted once, at least %n characters (this has %h)")},
    [PASSWORD_HAS_USER] = {"user-name", N_("no user name in it, nor backwards, nor with 0 for o")},
    [PASSWORD_HAS_FULL_NAME] = {"full-name", N_("no part of the user's full name in it, nor "
						"backwards, nor with 0 for o")},
    [PASSWORD_HAS_HOST] = {"host-name", N_("no host name in it, nor backwards, nor with 0 for o")},
    [PASSWORD_LISTED] = {"listed",
			 N_("something that is in no list of common or leaked passwords")},
    [PASSWORD_FORMER] = {"former", N_("something that was not a password of yours before")},
};

static bool is_rule(enum password_rule rule)
{
	return (unsigned)rule < PASSWORD_RULES;
}

const char *password_rule_word(enum password_rule rule)
{
	return is_rule(rule) ? wordings[rule].word : "unknown";
}

static void add_mark(struct text *text, char mark, uint32_t have, uint32_t need)
{
	if (mark == 'h')
		text_add_number(text, have);
	else if (mark == 'n')
		text_add_number(text, need);
	else if (need != 1)
		text_add(text, "s");
}

const char *password_rule_text(enum password_rule rule)
{
	return is_rule(rule) ? wordings[rule].text : "";
}

void password_explain(const struct password_report *report, enum password_rule rule,
		      char out[PASSWORD_TEXT_BYTES])
{
	password_explain_as(report, rule, password_rule_text(rule), out);
}

void password_explain_as(const struct password_report *report, enum password_rule rule,
			 const char *from, char out[PASSWORD_TEXT_BYTES])
{
	struct text text = {out, PASSWORD_TEXT_BYTES, 0, false};

	out[0] = '\0';
	for (; *from; from++) {
		const char piece[] = {*from, '\0'};

		if (*from == '%' && from[1])
			add_mark(&text, *++from, report->count[rule].have,
				 report->count[rule].need);
		else
			text_add(&text, piece);
	}
}

void password_unmet_words(const struct password_report *report, char out[PASSWORD_WORDS_BYTES])
{
	struct text text = {out, PASSWORD_WORDS_BYTES, 0, false};

	out[0] = '\0';
	for (unsigned rule = 0; rule < PASSWORD_RULES; rule++) {
		if (!password_is_unmet(report, (enum password_rule)rule))
			continue;
		text_add(&text, text.length > 0 ? "," : "");
		text_add(&text, password_rule_word((enum password_rule)rule));
	}
}
