/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/password.h"

#include "policy/characters.h"
#include "policy/common.h"
#include "policy/names.h"
#include "policy/repetition.h"

struct password_rules password_rules_in_force(const struct rules *rules)
{
	struct password_rules nist = {.min_length = PASSWORD_NIST_LENGTH,
				      .reject_names = rules->password.reject_names};

	if (rules->password_policy != PASSWORD_POLICY_NIST)
		return rules->password;
	if (rules->password.min_length > nist.min_length)
		nist.min_length = rules->password.min_length;
	return nist;
}

void password_refuse(struct password_report *report, enum password_rule rule)
{
	report->unmet |= UINT32_C(1) << rule;
}

bool password_is_accepted(const struct password_report *report)
{
	return report->judged && report->unmet == 0;
}

bool password_is_unmet(const struct password_report *report, enum password_rule rule)
{
	return (report->unmet >> rule & 1) != 0;
}

static void require(struct password_report *report, enum password_rule rule, size_t have,
		    uint32_t need)
{
	report->count[rule].have = (uint32_t)have;
	report->count[rule].need = need;
	if (have < need)
		password_refuse(report, rule);
}

static void judge_classes(struct password_report *report, const struct password_rules *rules,
			  const struct characters *text)
{
	size_t of[CHARACTER_CLASSES] = {0};

	for (size_t i = 0; i < text->count; i++)
		of[character_class(text->at[i])]++;
	require(report, PASSWORD_LENGTH, text->count, rules->min_length);
	require(report, PASSWORD_UPPER, of[CHARACTER_UPPER], rules->min_upper);
	require(report, PASSWORD_LOWER, of[CHARACTER_LOWER], rules->min_lower);
	require(report, PASSWORD_DIGIT, of[CHARACTER_DIGIT], rules->min_digit);
	require(report, PASSWORD_SPECIAL, of[CHARACTER_SPECIAL], rules->min_special);
	if (of[CHARACTER_CONTROL] != 0)
		password_refuse(report, PASSWORD_HAS_CONTROL);
}

static bool is_in(const struct characters *text, uint32_t point)
{
	for (size_t i = 0; i < text->count; i++) {
		if (text->at[i] == point)
			return true;
	}
	return false;
}

static size_t not_in(const struct characters *text, const struct characters *old)
{
	size_t changed = 0;

	for (size_t i = 0; i < text->count; i++) {
		if (!is_in(old, text->at[i]))
			changed++;
	}
	return changed;
}

static bool is_reversed(const struct characters *text, const struct characters *old)
{
	if (text->count != old->count)
		return false;
	for (size_t i = 0; i < text->count; i++) {
		if (text->at[i] != old->at[old->count - 1 - i])
			return false;
	}
	return true;
}

static void judge_change(struct password_report *report, const struct password_rules *rules,
			 const struct characters *lower, struct password_bytes old_password)
{
	AUTO_CHARACTERS old = {0};

	if (!old_password.bytes)
		return;
	characters_decode_any(&old, old_password.bytes, old_password.len);
	characters_to_lower(&old);
	require(report, PASSWORD_CHANGED, not_in(lower, &old), rules->min_changed);
	if (characters_equal(lower, &old) || is_reversed(lower, &old))
		password_refuse(report, PASSWORD_SAME);
}

static void judge_name(struct password_report *report, enum password_rule rule,
		       bool (*occurs)(const struct characters *, const struct characters *),
		       const struct characters *lower, struct password_bytes bytes)
{
	struct characters name = {0};

	if (!bytes.bytes)
		return;
	characters_decode_any(&name, bytes.bytes, bytes.len);
	characters_to_lower(&name);
	if (occurs(lower, &name))
		password_refuse(report, rule);
}

static void judge_names(struct password_report *report, const struct characters *lower,
			const struct password_facts *facts)
{
	judge_name(report, PASSWORD_HAS_USER, names_has_user, lower, facts->user);
	judge_name(report, PASSWORD_HAS_FULL_NAME, names_has_full_name, lower, facts->full_name);
	judge_name(report, PASSWORD_HAS_HOST, names_has_host, lower, facts->host);
}

/* What is short by itself is for the length rule; here only what repetition made long. */
static void judge_repetition(struct password_report *report, const struct characters *text)
{
	AUTO_CHARACTERS left = *text;

	repetition_collapse(&left);
	if (left.count < text->count)
		require(report, PASSWORD_REPETITION, left.count, PASSWORD_LEAST_LEFT);
}

static void judge_text(struct password_report *report, const struct password_rules *rules,
		       const struct characters *text, const struct password_facts *facts)
{
	AUTO_CHARACTERS lower = *text;

	characters_to_lower(&lower);
	judge_classes(report, rules, text);
	judge_change(report, rules, &lower, facts->old_password);
	judge_repetition(report, text);
	if (common_is(&lower))
		password_refuse(report, PASSWORD_LISTED);
	if (rules->reject_names)
		judge_names(report, &lower, facts);
}

struct password_report password_judge(const struct password_rules *rules,
				      struct password_bytes candidate,
				      const struct password_facts *facts)
{
	struct password_report report = {0};
	AUTO_CHARACTERS text = {0};

	if (candidate.len > PASSWORD_MAX_BYTES) {
		password_refuse(&report, PASSWORD_TOO_LONG);
		report.count[PASSWORD_TOO_LONG].have = (uint32_t)candidate.len;
		report.count[PASSWORD_TOO_LONG].need = PASSWORD_MAX_BYTES;
	} else if (!characters_decode(&text, candidate.bytes, candidate.len)) {
		password_refuse(&report, PASSWORD_NOT_UTF8);
	} else {
		judge_text(&report, rules, &text, facts);
	}
	report.judged = true;
	return report;
}
