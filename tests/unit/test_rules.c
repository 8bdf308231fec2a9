/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/lockout.h"
#include "policy/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Every option as the documentation lists it: name, default, least and greatest value. */
static const struct {
	const char *name, *standard;
	uint64_t low, high;
} documented[] = {
    {"second_factor", "required", 0, 0},
    {"enroll_grace", "7d", 0, 315360000},
    {"enroll_deadline", "", 0, 0},
    {"enroll_at_login", "yes", 0, 0},
    {"public_key", "accept", 0, 0},
    {"code_window", "1", 0, 2},
    {"prompt", "Verification code:", 1, 500},
    {"prompt_style", "separate", 0, 0},
    {"lockout_tries", "5", 0, 16},
    {"lockout_interval", "15m", 1, 31536000},
    {"lockout_duration", "15m", 0, 31536000},
    {"lockout_max_duration", "24h", 1, 31536000},
    {"lockout_cap", "100", 0, 1000000},
    {"lockout_parallel", "5", 1, 8},
    {"lockout_root", "yes", 0, 0},
    {"lockout_scope", "source", 0, 0},
    {"lockout_message", "no", 0, 0},
    {"console_services", "login gdm-password gdm sddm lightdm xdm kdm", 0, 0},
    {"local_services",
     "sudo sudo-i su su-l passwd chsh chfn polkit-1 runuser runuser-l cron crond atd systemd-user",
     0, 0},
    {"rescue", "none", 0, 0},
    {"backup_code_iterations", "1000", 1000, 1000000},
    {"allow_from", "any", 0, 0},
    {"password_min_length", "12", 1, 256},
    {"password_min_upper", "1", 0, 64},
    {"password_min_lower", "0", 0, 64},
    {"password_min_digit", "1", 0, 64},
    {"password_min_special", "1", 0, 64},
    {"password_min_changed", "4", 0, 64},
    {"password_history", "5", 0, 32},
    {"password_policy", "classic", 0, 0},
    {"password_blocklist", "", 0, 4095},
    {"password_reject_names", "yes", 0, 0},
    {"password_retries", "3", 1, 10},
    {"password_enforce_root", "yes", 0, 0},
    {"enroll_services", "sshd login", 0, 0},
    {"key_login_services", "sshd", 0, 0},
    {"session_report", "yes", 0, 0},
    {"state_dir", KLING_STATE_DIR, 1, 4095},
    {"key_dir", KLING_CONF_DIR "/keys", 1, 4095},
};

static void test_the_documented_options(void **state)
{
	(void)state;
	assert_int_equal(tunable_count, COUNT(documented));
	for (size_t i = 0; i < COUNT(documented); i++) {
		assert_string_equal(tunables[i].name, documented[i].name);
		assert_string_equal(tunables[i].standard, documented[i].standard);
		assert_true(tunables[i].low == documented[i].low);
		assert_true(tunables[i].high == documented[i].high);
	}
}

static void test_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < tunable_count; i++)
		assert_ptr_equal(tunable_find(tunables[i].name), &tunables[i]);
	assert_null(tunable_find(""));
	assert_null(tunable_find("second_facter"));
	assert_null(tunable_find("second_facto"));
	assert_null(tunable_find("second_factor "));
	assert_null(tunable_find("Second_Factor"));
	assert_null(tunable_find("conf"));
	assert_null(tunable_find("nullok"));
}

/* Only the two directories are bound to the file: everything else may stand anywhere. */
static void test_where_options_may_stand(void **state)
{
	(void)state;
	for (size_t i = 0; i < tunable_count; i++) {
		bool directory = strcmp(tunables[i].name, "state_dir") == 0 ||
				 strcmp(tunables[i].name, "key_dir") == 0;

		assert_int_equal(tunables[i].place,
				 directory ? TUNABLE_FILE_ONLY : TUNABLE_ANYWHERE);
	}
}

static size_t size_of_type(enum tunable_type type)
{
	switch (type) {
	case TUNABLE_BOOL:
		return sizeof(bool);
	case TUNABLE_NUMBER:
		return sizeof(uint32_t);
	case TUNABLE_DURATION:
		return sizeof(uint64_t);
	case TUNABLE_DATE:
		return sizeof(int64_t);
	case TUNABLE_CHOICE:
		return sizeof(int);
	case TUNABLE_TEXT:
	case TUNABLE_PATH:
		return sizeof(const char *);
	case TUNABLE_WORDS:
		return sizeof(struct word_list);
	case TUNABLE_RANGES:
		return sizeof(struct range_list);
	}
	return 0;
}

/* Each option has a place in struct rules of its own, of the size its type is written with. */
static void test_places_do_not_overlap(void **state)
{
	unsigned char taken[sizeof(struct rules)] = {0};

	(void)state;
	assert_int_equal(sizeof(enum second_factor), sizeof(int));
	assert_int_equal(sizeof(enum lockout_scope), sizeof(int));
	for (size_t i = 0; i < tunable_count; i++) {
		size_t size = size_of_type(tunables[i].type);

		assert_true(tunables[i].offset + size <= sizeof(taken));
		for (size_t j = 0; j < size; j++)
			assert_int_equal(taken[tunables[i].offset + j]++, 0);
	}
}

/* Every field can be set by an option: what no option reaches is padding between two of them. */
static void test_every_field_has_an_option(void **state)
{
	size_t reached = 0;

	(void)state;
	for (size_t i = 0; i < tunable_count; i++)
		reached += size_of_type(tunables[i].type);
	assert_true(sizeof(struct rules) - reached < COUNT(documented) * 3);
	assert_int_equal(tunable_find("lockout_max_duration")->offset,
			 offsetof(struct rules, lockout.max_duration));
	assert_int_equal(tunable_find("lockout_duration")->offset,
			 offsetof(struct rules, lockout.duration));
	assert_int_equal(tunable_find("lockout_interval")->offset,
			 offsetof(struct rules, lockout.interval));
	assert_int_equal(tunable_find("lockout_tries")->offset,
			 offsetof(struct rules, lockout.tries));
	assert_int_equal(tunable_find("lockout_cap")->offset, offsetof(struct rules, lockout.cap));
	assert_int_equal(tunable_find("lockout_parallel")->offset,
			 offsetof(struct rules, lockout.parallel));
	assert_int_equal(tunable_find("console_services")->offset,
			 offsetof(struct rules, console_services));
	assert_int_equal(tunable_find("local_services")->offset,
			 offsetof(struct rules, local_services));
	assert_int_equal(tunable_find("password_min_upper")->offset,
			 offsetof(struct rules, password.min_upper));
	assert_int_equal(tunable_find("password_min_lower")->offset,
			 offsetof(struct rules, password.min_lower));
}

static bool is_choice(const struct choice *choices, const char *word)
{
	for (; choices->word; choices++) {
		if (strcmp(choices->word, word) == 0)
			return true;
	}
	return false;
}

static uint64_t unit_of(char letter)
{
	switch (letter) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	default:
		return 0;
	}
}

/* Defaults are values that people could have written. */
static void test_defaults_are_within_their_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < tunable_count; i++) {
		const struct tunable *t = &tunables[i];
		char *end;
		uint64_t number = strtoull(t->standard, &end, 10);

		if (t->type == TUNABLE_DURATION)
			number *= unit_of(*end);
		if (t->type == TUNABLE_NUMBER || t->type == TUNABLE_DURATION)
			assert_in_range(number, t->low, t->high);
		if (t->type == TUNABLE_NUMBER)
			assert_true(t->high <= UINT32_MAX);
		if (t->type == TUNABLE_TEXT || t->type == TUNABLE_PATH)
			assert_in_range(strlen(t->standard), t->low, t->high);
		if (t->type == TUNABLE_BOOL)
			assert_true(!strcmp(t->standard, "yes") || !strcmp(t->standard, "no"));
		assert_int_equal(t->choices != NULL, t->type == TUNABLE_CHOICE);
		if (t->choices)
			assert_true(is_choice(t->choices, t->standard));
	}
}

static const struct choice *choices_of(const char *name)
{
	return tunable_find(name)->choices;
}

static int value_of(const char *name, const char *word)
{
	for (const struct choice *c = choices_of(name); c->word; c++) {
		if (strcmp(c->word, word) == 0)
			return c->value;
	}
	fail_msg("%s = %s is no choice", name, word);
	return -1;
}

static void test_words_of_the_choices(void **state)
{
	static const struct {
		const char *name, *word;
		int value;
	} table[] = {
	    {"second_factor", "required", SECOND_FACTOR_REQUIRED},
	    {"second_factor", "optional", SECOND_FACTOR_OPTIONAL},
	    {"second_factor", "off", SECOND_FACTOR_OFF},
	    {"enroll_at_login", "yes", ENROLL_AT_LOGIN_YES},
	    {"enroll_at_login", "key", ENROLL_AT_LOGIN_KEY},
	    {"enroll_at_login", "no", ENROLL_AT_LOGIN_NO},
	    {"public_key", "accept", PUBLIC_KEY_ACCEPT},
	    {"public_key", "needs_code", PUBLIC_KEY_NEEDS_CODE},
	    {"prompt_style", "separate", PROMPT_SEPARATE},
	    {"prompt_style", "combined", PROMPT_COMBINED},
	    {"lockout_scope", "source", LOCKOUT_SCOPE_SOURCE},
	    {"lockout_scope", "account", LOCKOUT_SCOPE_ACCOUNT},
	    {"rescue", "none", RESCUE_NONE},
	    {"rescue", "console-root", RESCUE_CONSOLE_ROOT},
	    {"password_policy", "classic", PASSWORD_POLICY_CLASSIC},
	    {"password_policy", "nist", PASSWORD_POLICY_NIST},
	};
	size_t words = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(value_of(table[i].name, table[i].word), table[i].value);
	for (size_t i = 0; i < tunable_count; i++) {
		for (const struct choice *c = tunables[i].choices; c && c->word; c++)
			words++;
	}
	assert_int_equal(words, COUNT(table));
}

/* Rules that nobody filled in open nothing. */
static void test_forgotten_rules_are_strict(void **state)
{
	struct rules forgotten;

	(void)state;
	memset(&forgotten, 0, sizeof(forgotten));
	assert_int_equal(forgotten.second_factor, SECOND_FACTOR_REQUIRED);
	assert_int_equal(forgotten.public_key, PUBLIC_KEY_NEEDS_CODE);
	assert_int_equal(forgotten.rescue, RESCUE_NONE);
	assert_false(forgotten.allow_from.any);
	assert_int_equal(forgotten.enroll.grace, 0);
}

/* Every permitted pair of tries and parallel has room in a ledger. */
static void test_attempts_fit(void **state)
{
	(void)state;
	assert_true(tunable_find("lockout_tries")->high + tunable_find("lockout_parallel")->high <=
		    LEDGER_ATTEMPTS);
}

static struct rules sound_rules(void)
{
	return (struct rules){
	    .lockout = {.tries = 5, .duration = 900, .max_duration = 86400},
	    .password = {.min_length = 12, .min_upper = 1, .min_digit = 1, .min_special = 1},
	};
}

static const char *contradiction_of_locks(uint64_t duration, uint64_t max_duration)
{
	struct rules rules = sound_rules();

	rules.lockout.duration = duration;
	rules.lockout.max_duration = max_duration;
	return rules_contradiction(&rules);
}

static void test_contradicting_locks(void **state)
{
	(void)state;
	assert_null(contradiction_of_locks(900, 86400));
	assert_null(contradiction_of_locks(900, 900));
	assert_null(contradiction_of_locks(0, 1));
	assert_non_null(strstr(contradiction_of_locks(901, 900), "lockout_max_duration"));
}

static const char *contradiction_of_classes(enum password_policy policy, uint32_t length,
					    uint32_t each)
{
	struct rules rules = sound_rules();

	rules.password_policy = policy;
	rules.password = (struct password_rules){length, each, each, each, each, 0, false};
	return rules_contradiction(&rules);
}

static void test_contradicting_classes(void **state)
{
	(void)state;
	assert_null(contradiction_of_classes(PASSWORD_POLICY_CLASSIC, 12, 3));
	assert_non_null(strstr(contradiction_of_classes(PASSWORD_POLICY_CLASSIC, 11, 3), "length"));
	assert_non_null(contradiction_of_classes(PASSWORD_POLICY_CLASSIC, 12, 0x40000000));
	assert_null(contradiction_of_classes(PASSWORD_POLICY_NIST, 11, 3));
}

static void test_contradicting_services(void **state)
{
	static const char *const console[] = {"login", "gdm"}, *const local[] = {"sudo", "gdm"};
	struct rules rules = sound_rules();

	(void)state;
	rules.console_services = (struct word_list){console, 2};
	rules.local_services = (struct word_list){local, 1};
	assert_null(rules_contradiction(&rules));
	rules.local_services.count = 2;
	assert_non_null(strstr(rules_contradiction(&rules), "service"));
}

static void test_word_list(void **state)
{
	static const char *const words[] = {"sshd", "login"};
	const struct word_list two = {words, 2}, one = {words, 1}, none = {NULL, 0};

	(void)state;
	assert_true(word_list_has(&two, "sshd"));
	assert_true(word_list_has(&two, "login"));
	assert_false(word_list_has(&one, "login"));
	assert_false(word_list_has(&two, "ssh"));
	assert_false(word_list_has(&two, "sshd "));
	assert_false(word_list_has(&two, "SSHD"));
	assert_false(word_list_has(&two, ""));
	assert_false(word_list_has(&none, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_documented_options),
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_where_options_may_stand),
	    cmocka_unit_test(test_places_do_not_overlap),
	    cmocka_unit_test(test_every_field_has_an_option),
	    cmocka_unit_test(test_defaults_are_within_their_limits),
	    cmocka_unit_test(test_words_of_the_choices),
	    cmocka_unit_test(test_forgotten_rules_are_strict),
	    cmocka_unit_test(test_attempts_fit),
	    cmocka_unit_test(test_contradicting_locks),
	    cmocka_unit_test(test_contradicting_classes),
	    cmocka_unit_test(test_contradicting_services),
	    cmocka_unit_test(test_word_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
