/* SPDX-License-Identifier: BSD-3-Clause */
/* Each option is turned from its default and arrives from each place, and nothing else moves. */
#include "tests/unit/settings_place.h"

#include <inttypes.h>

/* What a value looks like in the rules: the test's own reading, at the test's own offset. */
struct flip {
	const char *name;
	const char *value;
	enum {
		IS_BOOL,
		IS_NUMBER,
		IS_SECONDS,
		IS_DATE,
		IS_CHOICE,
		IS_TEXT,
		IS_WORDS,
		IS_RANGES
	} kind;
	size_t offset;
	const char *expected;
};

#define FLIP(name, value, kind, field, expected)                                                   \
	{                                                                                          \
		name, value, kind, offsetof(struct rules, field), expected                         \
	}

static const struct flip flips[] = {
    FLIP("second_factor", "optional", IS_CHOICE, second_factor, "1"),
    FLIP("enroll_grace", "8h", IS_SECONDS, enroll.grace, "28800"),
    FLIP("enroll_deadline", "2026-11-30", IS_DATE, enroll.deadline, "1796083200"),
    FLIP("enroll_at_login", "key", IS_CHOICE, enroll.at_login, "1"),
    FLIP("public_key", "needs_code", IS_CHOICE, public_key, "0"),
    FLIP("code_window", "2", IS_NUMBER, code_window, "2"),
    FLIP("prompt", "Code, please:", IS_TEXT, prompt, "Code, please:"),
    FLIP("prompt_style", "combined", IS_CHOICE, prompt_style, "1"),
    FLIP("lockout_tries", "3", IS_NUMBER, lockout.tries, "3"),
    FLIP("lockout_interval", "1h", IS_SECONDS, lockout.interval, "3600"),
    FLIP("lockout_duration", "90s", IS_SECONDS, lockout.duration, "90"),
    FLIP("lockout_max_duration", "2d", IS_SECONDS, lockout.max_duration, "172800"),
    FLIP("lockout_cap", "50", IS_NUMBER, lockout.cap, "50"),
    FLIP("lockout_parallel", "2", IS_NUMBER, lockout.parallel, "2"),
    FLIP("lockout_root", "no", IS_BOOL, lockout.root, "0"),
    FLIP("lockout_scope", "account", IS_CHOICE, lockout.scope, "1"),
    FLIP("lockout_message", "yes", IS_BOOL, lockout.message, "1"),
    FLIP("console_services", "login kdm", IS_WORDS, console_services, "login kdm"),
    FLIP("local_services", "sudo my-service", IS_WORDS, local_services, "sudo my-service"),
    FLIP("rescue", "console-root", IS_CHOICE, rescue, "1"),
    FLIP("backup_code_iterations", "2000", IS_NUMBER, backup_code_iterations, "2000"),
    FLIP("allow_from", "10.0.0.0/8 ::1", IS_RANGES, allow_from, "10.0.0.0/8 ::1/128"),
    FLIP("password_min_length", "14", IS_NUMBER, password.min_length, "14"),
    FLIP("password_min_upper", "2", IS_NUMBER, password.min_upper, "2"),
    FLIP("password_min_lower", "3", IS_NUMBER, password.min_lower, "3"),
    FLIP("password_min_digit", "2", IS_NUMBER, password.min_digit, "2"),
    FLIP("password_min_special", "0", IS_NUMBER, password.min_special, "0"),
    FLIP("password_min_changed", "6", IS_NUMBER, password.min_changed, "6"),
    FLIP("password_history", "9", IS_NUMBER, password_history, "9"),
    FLIP("password_policy", "nist", IS_CHOICE, password_policy, "1"),
    FLIP("password_blocklist", "/srv/words", IS_TEXT, password_blocklist, "/srv/words"),
    FLIP("password_reject_names", "no", IS_BOOL, password.reject_names, "0"),
    FLIP("password_retries", "1", IS_NUMBER, password_retries, "1"),
    FLIP("password_enforce_root", "no", IS_BOOL, password_enforce_root, "0"),
    FLIP("enroll_services", "login", IS_WORDS, enroll_services, "login"),
    FLIP("key_login_services", "sshd sshd-git", IS_WORDS, key_login_services, "sshd sshd-git"),
    FLIP("session_report", "no", IS_BOOL, session_report, "0"),
    FLIP("state_dir", "/srv/state", IS_TEXT, state_dir, "/srv/state"),
    FLIP("key_dir", "/srv/keys", IS_TEXT, key_dir, "/srv/keys"),
};

static void show_words(const struct word_list *list, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < list->count; i++) {
		strncat(out, i ? " " : "", size - strlen(out) - 1);
		strncat(out, list->words[i], size - strlen(out) - 1);
	}
}

static void show_ranges(const struct range_list *list, char *out, size_t size)
{
	snprintf(out, size, "%s", list->any ? "any" : "");
	for (size_t i = 0; i < list->count; i++) {
		char address[46];
		size_t length = strlen(out);
		address_format(&list->ranges[i].base, address);
		snprintf(out + length, size - length, "%s%s/%u", i ? " " : "", address,
			 list->ranges[i].bits);
	}
}

static void show(const struct flip *flip, const struct rules *rules, char *out, size_t size)
{
	const void *field = (const char *)rules + flip->offset;

	switch (flip->kind) {
	case IS_BOOL:
		snprintf(out, size, "%d", *(const bool *)field);
		break;
	case IS_NUMBER:
		snprintf(out, size, "%" PRIu32, *(const uint32_t *)field);
		break;
	case IS_SECONDS:
		snprintf(out, size, "%" PRIu64, *(const uint64_t *)field);
		break;
	case IS_DATE:
		snprintf(out, size, "%" PRId64, *(const int64_t *)field);
		break;
	case IS_CHOICE:
		snprintf(out, size, "%d", *(const int *)field);
		break;
	case IS_TEXT:
		snprintf(out, size, "%s", *(const char *const *)field);
		break;
	case IS_WORDS:
		show_words(field, out, size);
		break;
	case IS_RANGES:
		show_ranges(field, out, size);
		break;
	}
}

static const struct subject alice = {.user = "alice", .service = "sshd"};
static const struct subject bob = {.user = "bob", .service = "sshd"};

static void expect(const struct settings *settings, const struct subject *subject,
		   const struct flip *flipped)
{
	struct rules rules;
	struct rules standard;
	const char *problem;
	char shown[512];
	char expected[512];
	AUTO_SETTINGS builtin = NULL;

	assert_int_equal(settings_resolve(settings, subject, &rules, &problem), ST_OK);
	assert_int_equal(settings_builtin(&builtin), ST_OK);
	assert_int_equal(settings_resolve(builtin, subject, &standard, &problem), ST_OK);
	for (size_t i = 0; i < LENGTH(flips); i++) {
		show(&flips[i], &rules, shown, sizeof(shown));
		show(&flips[i], &standard, expected, sizeof(expected));
		if (&flips[i] == flipped) {
			assert_string_not_equal(expected, flips[i].expected);
			snprintf(expected, sizeof(expected), "%s", flips[i].expected);
		}
		if (strcmp(shown, expected) != 0)
			fail_msg("%s: \"%s\" instead of \"%s\" (flipped: %s)", flips[i].name, shown,
				 expected, flipped ? flipped->name : "nothing");
	}
}

static void expect_origin(const struct settings *settings, const struct subject *subject,
			  const struct flip *flip, const char *expected)
{
	char origin[200];

	settings_origin_of(settings, subject, flip->name, origin, sizeof(origin));
	assert_string_equal(origin, expected);
}

/* A new option without a row above fails here. */
static void every_option_has_a_row(void **state)
{
	(void)state;
	assert_int_equal(tunable_count, LENGTH(flips));
	for (size_t i = 0; i < tunable_count; i++)
		assert_string_equal(tunables[i].name, flips[i].name);
}

/* Every row covers its own field and all of them the whole structure but for padding. */
static void every_field_has_an_option(void **state)
{
	static const size_t sizes[] = {
	    [IS_BOOL] = sizeof(bool),
	    [IS_NUMBER] = sizeof(uint32_t),
	    [IS_SECONDS] = sizeof(uint64_t),
	    [IS_DATE] = sizeof(int64_t),
	    [IS_CHOICE] = sizeof(int),
	    [IS_TEXT] = sizeof(char *),
	    [IS_WORDS] = sizeof(struct word_list),
	    [IS_RANGES] = sizeof(struct range_list),
	};
	bool covered[sizeof(struct rules)] = {false};
	size_t gap = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(flips); i++) {
		for (size_t k = 0; k < sizes[flips[i].kind]; k++) {
			assert_false(covered[flips[i].offset + k]);
			covered[flips[i].offset + k] = true;
		}
	}
	for (size_t i = 0; i < sizeof(covered); i++) {
		gap = covered[i] ? 0 : gap + 1;
		assert_true(gap < sizeof(uint64_t));
	}
}

static void at_the_top_of_the_file(void **state)
{
	const struct place *p = *state;
	char origin[120];
	char text[200];

	snprintf(origin, sizeof(origin), "%s:2", p->path);
	for (size_t i = 0; i < LENGTH(flips); i++) {
		snprintf(text, sizeof(text), "\n%s = %s\n", flips[i].name, flips[i].value);
		AUTO_SETTINGS settings = place_settings(p, text, NULL);
		expect(settings, &alice, &flips[i]);
		expect_origin(settings, &alice, &flips[i], origin);
	}
}

static bool is_file_only(const struct flip *flip)
{
	return tunable_find(flip->name)->place == TUNABLE_FILE_ONLY;
}

static void in_a_section(void **state)
{
	const struct place *p = *state;
	char origin[120];
	char text[200];

	snprintf(origin, sizeof(origin), "%s:3", p->path);
	for (size_t i = 0; i < LENGTH(flips); i++) {
		if (is_file_only(&flips[i]))
			continue;
		snprintf(text, sizeof(text), "\n[user alice]\n%s = %s\n", flips[i].name,
			 flips[i].value);
		AUTO_SETTINGS settings = place_settings(p, text, NULL);
		expect(settings, &alice, &flips[i]);
		expect(settings, &bob, NULL);
		expect_origin(settings, &alice, &flips[i], origin);
		expect_origin(settings, &bob, &flips[i], "default");
	}
}

static void as_a_module_argument(void **state)
{
	const struct place *p = *state;
	char word[200];
	const char *const words[] = {word, NULL};

	for (size_t i = 0; i < LENGTH(flips); i++) {
		if (is_file_only(&flips[i]))
			continue;
		snprintf(word, sizeof(word), "%s=%s", flips[i].name, flips[i].value);
		AUTO_SETTINGS settings = place_settings(p, "", words);
		expect(settings, &alice, &flips[i]);
		expect_origin(settings, &alice, &flips[i], "argument");
	}
}

/* Back to its default in each place above the one that turned it. */
static void each_place_wins_over_the_ones_before(void **state)
{
	const struct place *p = *state;
	char text[1200];
	char word[400];
	const char *const words[] = {word, NULL};

	for (size_t i = 0; i < LENGTH(flips); i++) {
		const char *standard = tunables[i].standard;
		if (is_file_only(&flips[i]))
			continue;
		snprintf(text, sizeof(text), "%s = %s\n[user alice]\n%s = %s\n", flips[i].name,
			 flips[i].value, flips[i].name, standard);
		AUTO_SETTINGS section = place_settings(p, text, NULL);
		expect(section, &alice, NULL);
		expect(section, &bob, &flips[i]);
		snprintf(text, sizeof(text), "%s = %s\n[user alice]\n%s = %s\n", flips[i].name,
			 standard, flips[i].name, flips[i].value);
		snprintf(word, sizeof(word), "%s=%s", flips[i].name, standard);
		AUTO_SETTINGS argument = place_settings(p, text, words);
		expect(argument, &alice, NULL);
		expect(argument, &bob, NULL);
	}
}

static void no_such_option(void **state)
{
	AUTO_SETTINGS settings = NULL;
	char origin[20] = "x";

	(void)state;
	assert_int_equal(settings_builtin(&settings), ST_OK);
	settings_origin_of(settings, &alice, "lockout", origin, sizeof(origin));
	assert_string_equal(origin, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_option_has_a_row),
	    cmocka_unit_test(every_field_has_an_option),
	    PLACE_TEST(at_the_top_of_the_file),
	    PLACE_TEST(in_a_section),
	    PLACE_TEST(as_a_module_argument),
	    PLACE_TEST(each_place_wins_over_the_ones_before),
	    cmocka_unit_test(no_such_option),
	};

	return cmocka_run_group_tests_name("settings_options", tests, NULL, NULL);
}
