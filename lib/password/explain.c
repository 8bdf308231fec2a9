/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/text.h"
#include "lib/password/examine.h"

/* %h and %n stand for what there is and what is needed; %s for a plural's s. */
struct wording {
	const char *word;
	const char *text;
};

static const struct wording wordings[PASSWORD_RULES] = {
    [PASSWORD_TOO_LONG] = {"too-long", "at most %n bytes (this has %h)"},
    [PASSWORD_NOT_UTF8] = {"not-utf8", "text in UTF-8: some bytes of this are not"},
    [PASSWORD_HAS_CONTROL] = {"control", "no control characters, such as a tab"},
    [PASSWORD_LENGTH] = {"length", "at least %n character%s (this has %h)"},
    [PASSWORD_UPPER] = {"upper", "at least %n upper-case letter%s (this has %h)"},
    [PASSWORD_LOWER] = {"lower", "at least %n lower-case letter%s (this has %h)"},
    [PASSWORD_DIGIT] = {"digit", "at least %n digit%s (this has %h)"},
    [PASSWORD_SPECIAL] = {"special", "at least %n special character%s, such as ! - + or a blank "
				     "(this has %h)"},
    [PASSWORD_SAME] = {"same", "more than the old password in other case or backwards"},
    [PASSWORD_CHANGED] = {"changed", "at least %n character%s that the old password does not "
				     "contain, in either case (this has %h)"},
    [PASSWORD_REPETITION] = {"repetition",
			     "less repetition: with repeats and runs such as 1234 or qwerty "
			     "counted once, at least %n characters (this has %h)"},
    [PASSWORD_HAS_USER] = {"user-name", "no user name in it, nor backwards, nor with 0 for o"},
    [PASSWORD_HAS_FULL_NAME] = {"full-name", "no part of the user's full name in it, nor "
					     "backwards, nor with 0 for o"},
    [PASSWORD_HAS_HOST] = {"host-name", "no host name in it, nor backwards, nor with 0 for o"},
    [PASSWORD_LISTED] = {"listed", "something that is in no list of common or leaked passwords"},
    [PASSWORD_FORMER] = {"former", "something that was not a password of yours before"},
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

void password_explain(const struct password_report *report, enum password_rule rule,
		      char out[PASSWORD_TEXT_BYTES])
{
	struct text text = {out, PASSWORD_TEXT_BYTES, 0, false};
	const char *from = is_rule(rule) ? wordings[rule].text : "";

	out[0] = '\0';
	for (; *from; from++) {
		const char piece[] = {*from, '\0'};

		if (*from == '%')
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
