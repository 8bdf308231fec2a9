/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULES_MAX = 128, FREE_MAX = 8, LINE_BYTES = 512 };

/*
 * A stack is judged by what it would do: every combination of what its modules may say is run
 * through it, with the refusal of Kling that must hold.
 */
struct trial {
	const char *service;
	const struct pam_stack *stack;
	struct findings *findings;
	enum pam_result results[RULES_MAX];
	size_t free[FREE_MAX]; /* the rules whose result is tried */
	size_t free_count;
};

static bool is_preauth(const struct pam_rule *rule)
{
	return rule_is_kling(rule) && pam_rule_has(rule, "preauth");
}

/* The first rule from `from` on that `test` holds of, or stack->count. */
static size_t find(const struct pam_stack *stack, size_t from,
		   bool (*test)(const struct pam_rule *))
{
	size_t i = from;

	while (i < stack->count && !test(&stack->rules[i]))
		i++;
	return i;
}

static bool is_code_line(const struct pam_rule *rule)
{
	return rule_is_kling(rule) && !is_preauth(rule);
}

/* What is fixed is set; of the rest, FREE_MAX are tried and more are taken to succeed. */
static bool trial_begin(struct trial *trial, const char *service, const struct pam_stack *stack,
			struct findings *findings)
{
	*trial = (struct trial){.service = service, .stack = stack, .findings = findings};
	if (stack->count > RULES_MAX)
		return false;
	for (size_t i = 0; i < stack->count; i++) {
		const struct pam_rule *rule = &stack->rules[i];
		bool fixed = rule_is_fixed(rule, &trial->results[i]);
		if (rule_is_kling(rule))
			trial->results[i] = is_preauth(rule) ? RESULT_IGNORE : RESULT_REFUSED;
		else if (!fixed && trial->free_count < FREE_MAX)
			trial->free[trial->free_count++] = i;
		else if (!fixed)
			trial->results[i] = RESULT_SUCCESS;
	}
	return true;
}

/* The next combination of what the free modules say; false when all were tried. */
static bool trial_next(struct trial *trial, const enum pam_result *order, size_t order_count)
{
	for (size_t i = 0; i < trial->free_count; i++) {
		enum pam_result *result = &trial->results[trial->free[i]];
		size_t at = 0;
		while (at < order_count && order[at] != *result)
			at++;
		if (at + 1 < order_count) {
			*result = order[at + 1];
			return true;
		}
		*result = order[0];
	}
	return false;
}

static void trial_first(struct trial *trial, enum pam_result first)
{
	for (size_t i = 0; i < trial->free_count; i++)
		trial->results[trial->free[i]] = first;
}

static void add_at(const struct trial *trial, enum severity severity, size_t rule, const char *fix,
		   const char *problem)
{
	const struct pam_rule *at = &trial->stack->rules[rule];
	const struct spot spot = {severity, at->file, at->line, fix};

	findings_add(trial->findings, &spot, "%s: %s: %s", trial->service, at->module, problem);
}

/* The line as it should be written. */
static void write_line(const struct trial *trial, const struct pam_rule *rule, const char *control,
		       const char *more, char out[LINE_BYTES])
{
	static const char *const types[] = {"auth", "account", "password", "session"};
	size_t at = (size_t)snprintf(out, LINE_BYTES, "%s %s %s.so", types[trial->stack->type],
				     control, rule->module);

	for (size_t i = 0; i < rule->argument_count && at < LINE_BYTES; i++)
		at += (size_t)snprintf(out + at, LINE_BYTES - at, " %s", rule->arguments[i]);
	if (more && at < LINE_BYTES)
		(void)snprintf(out + at, LINE_BYTES - at, " %s", more);
}

/* The same, as the fix of a finding at that line. */
static void add_rewritten(const struct trial *trial, enum severity severity, size_t rule,
			  const char *control, const char *more, const char *problem)
{
	char line[LINE_BYTES], fix[LINE_BYTES + 128];

	write_line(trial, &trial->stack->rules[rule], control, more, line);
	snprintf(fix, sizeof(fix), TEXT_FIX_REWRITE, line);
	add_at(trial, severity, rule, fix, problem);
}

/* Who let in without Kling: the rule that passed it by, or Kling's own line. */
static void report_bypass(const struct trial *trial, const struct pam_course *course)
{
	if (course->called[course->watched] || course->passed_by == trial->stack->count)
		add_rewritten(trial, SEVERITY_ERROR, course->watched, "required", NULL,
			      TEXT_CHECK_NOT_BINDING);
	else if (trial->stack->type == PAM_TYPE_ACCOUNT)
		add_at(trial, SEVERITY_ERROR, course->passed_by, TEXT_FIX_ACCOUNT_FIRST,
		       TEXT_CHECK_PASSED_BY);
	else
		add_at(trial, SEVERITY_ERROR, course->passed_by, TEXT_FIX_PASSED_BY,
		       TEXT_CHECK_PASSED_BY);
}

/* Every way in although each line of Kling's says no. */
static void try_bypasses(struct trial *trial, size_t watched, const enum pam_result *order,
			 size_t order_count)
{
	bool called[RULES_MAX];
	struct pam_course course = {.called = called, .watched = watched};

	trial_first(trial, order[0]);
	do {
		pam_stack_run(trial->stack, trial->results, &course);
		if (course.success)
			report_bypass(trial, &course);
	} while (trial_next(trial, order, order_count));
}

static bool runs_to_success(struct trial *trial, enum pam_result free, enum pam_result kling)
{
	bool called[RULES_MAX];
	struct pam_course course = {.called = called, .watched = trial->stack->count};

	trial_first(trial, free);
	for (size_t i = 0; i < trial->stack->count; i++)
		if (is_code_line(&trial->stack->rules[i]))
			trial->results[i] = kling;
	pam_stack_run(trial->stack, trial->results, &course);
	return course.success;
}

/* Whether there is any way in at all when Kling says so: some modules are there to say no. */
static bool can_succeed(struct trial *trial, enum pam_result kling)
{
	static const enum pam_result order[] = {RESULT_SUCCESS, RESULT_REFUSED};
	bool called[RULES_MAX];
	struct pam_course course = {.called = called, .watched = trial->stack->count};

	if (runs_to_success(trial, RESULT_SUCCESS, kling))
		return true;
	while (trial_next(trial, order, 2)) {
		pam_stack_run(trial->stack, trial->results, &course);
		if (course.success)
			return true;
	}
	return false;
}

/* With a right code and every password wrong. */
static void try_code_alone(struct trial *trial)
{
	size_t password = find(trial->stack, 0, rule_checks_password);

	if (password < trial->stack->count &&
	    runs_to_success(trial, RESULT_REFUSED, RESULT_SUCCESS))
		add_rewritten(trial, SEVERITY_ERROR, password, "requisite", NULL,
			      TEXT_CHECK_CODE_ALONE);
}

/* Whoever has everything gets in; so do users in grace, where somebody else has to say yes. */
static void try_entries(struct trial *trial, size_t code)
{
	if (!can_succeed(trial, RESULT_SUCCESS))
		add_at(trial, SEVERITY_ERROR, code, TEXT_FIX_NOBODY, TEXT_CHECK_NOBODY);
	else if (!can_succeed(trial, RESULT_IGNORE))
		add_at(trial, SEVERITY_WARNING, code, TEXT_FIX_GRACE, TEXT_CHECK_GRACE);
}

/* While locked, no password may be judged. */
static void try_preauth(struct trial *trial, size_t preauth)
{
	bool called[RULES_MAX];
	struct pam_course course = {.called = called, .watched = preauth};
	size_t password = find(trial->stack, 0, rule_checks_password);

	if (password < preauth) {
		add_at(trial, SEVERITY_WARNING, preauth, TEXT_FIX_PREAUTH_FIRST,
		       TEXT_CHECK_PREAUTH_LATE);
		return;
	}
	trial_first(trial, RESULT_SUCCESS);
	trial->results[preauth] = RESULT_REFUSED;
	pam_stack_run(trial->stack, trial->results, &course);
	if (password < trial->stack->count && called[password])
		add_rewritten(trial, SEVERITY_WARNING, preauth, "requisite", NULL,
			      TEXT_CHECK_PREAUTH_GOES_ON);
	trial->results[preauth] = RESULT_IGNORE;
}

static void check_counting(const struct trial *trial)
{
	size_t faillock = find(trial->stack, 0, rule_is_faillock);

	if (faillock < trial->stack->count)
		add_at(trial, SEVERITY_WARNING, faillock, TEXT_FIX_FAILLOCK, TEXT_CHECK_FAILLOCK);
}

void check_auth_stack(const char *service, const struct pam_stack *stack, struct findings *findings)
{
	static const enum pam_result order[] = {RESULT_SUCCESS, RESULT_REFUSED};
	struct trial trial;
	size_t code = find(stack, 0, is_code_line);
	size_t preauth = find(stack, 0, is_preauth);

	if (!trial_begin(&trial, service, stack, findings))
		return;
	if (preauth < stack->count)
		try_preauth(&trial, preauth);
	if (code == stack->count) {
		if (preauth < stack->count)
			add_at(&trial, SEVERITY_ERROR, preauth, TEXT_FIX_NO_CODE,
			       TEXT_CHECK_NO_CODE);
		return;
	}
	size_t again = find(stack, code + 1, is_code_line);
	if (again < stack->count)
		add_at(&trial, SEVERITY_ERROR, again, TEXT_FIX_TWICE, TEXT_CHECK_TWICE);
	try_bypasses(&trial, code, order, 2);
	try_code_alone(&trial);
	try_entries(&trial, code);
	check_counting(&trial);
}

void check_account_stack(const char *service, const struct pam_stack *stack,
			 struct findings *findings)
{
	static const enum pam_result order[] = {RESULT_SUCCESS, RESULT_NEW_AUTHTOK, RESULT_REFUSED};
	struct trial trial;
	size_t line = find(stack, 0, rule_is_kling);

	if (line < stack->count && trial_begin(&trial, service, stack, findings))
		try_bypasses(&trial, line, order, 3);
}

/* One that takes the candidate that was judged, and no other. */
static void check_authtok(const struct trial *trial, size_t stores)
{
	const struct pam_rule *rule = &trial->stack->rules[stores];

	if (pam_rule_has(rule, "use_authtok"))
		return;
	if (rule->control[0])
		add_rewritten(trial, SEVERITY_ERROR, stores, rule->control, "use_authtok",
			      TEXT_CHECK_USE_AUTHTOK);
	else
		add_at(trial, SEVERITY_ERROR, stores, TEXT_FIX_USE_AUTHTOK, TEXT_CHECK_USE_AUTHTOK);
}

void check_password_stack(const char *service, const struct pam_stack *stack,
			  struct findings *findings)
{
	struct trial trial;
	bool called[RULES_MAX];
	size_t line = find(stack, 0, rule_is_kling);
	size_t before = find(stack, 0, rule_checks_password);
	struct pam_course course = {.called = called, .watched = line};

	if (line == stack->count || !trial_begin(&trial, service, stack, findings))
		return;
	if (before < line) {
		add_at(&trial, SEVERITY_ERROR, line, TEXT_FIX_PASSWORD_FIRST,
		       TEXT_CHECK_PASSWORD_LATE);
		return;
	}
	size_t stores = find(stack, line + 1, rule_checks_password);
	if (stores == stack->count)
		return;
	trial_first(&trial, RESULT_SUCCESS);
	pam_stack_run(stack, trial.results, &course);
	if (called[stores])
		add_rewritten(&trial, SEVERITY_ERROR, line, "requisite", NULL,
			      TEXT_CHECK_PASSWORD_GOES_ON);
	check_authtok(&trial, stores);
}
