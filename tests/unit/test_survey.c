/* SPDX-License-Identifier: BSD-3-Clause */
/* What stands where, and what of it never counts. */
#include "lib/conf/survey.h"

#include "tests/unit/settings_place.h"

static void load(const struct place *p, const char *text, const char *argument,
		 struct settings **settings)
{
	const char *const words[] = {argument};
	const struct conf_source source = {.path = p->path,
					   .must_exist = true,
					   .owner = geteuid(),
					   .argc = argument != NULL,
					   .argv = words};
	struct conf_error error;

	place_write_bytes(p, text, strlen(text));
	assert_int_equal(settings_load(&source, settings, &error), ST_OK);
}

struct seen {
	unsigned count, arguments, top, overridden;
	unsigned lines[8];
};

static void look(void *context, const struct option_use *use)
{
	struct seen *seen = context;

	assert_non_null(use->option);
	assert_non_null(use->value);
	seen->arguments += use->line == 0;
	seen->top += use->line != 0 && !use->section;
	if (option_overridden_at(use)) {
		seen->overridden = use->line;
		seen->lines[0] = option_overridden_at(use);
	}
	seen->count++;
}

static void each_option_where_it_stands(void **state)
{
	AUTO_SETTINGS settings = NULL;
	struct seen seen = {0};

	load(*state,
	     "lockout_tries = 3\nenroll_grace = 1d\n[user alice]\nlockout_tries = 0\n"
	     "[user bob, service sshd]\nlockout_cap = 0\n",
	     "lockout_tries=4", &settings);
	settings_each_option(settings, look, &seen);
	assert_int_equal(seen.count, 5);
	assert_int_equal(seen.arguments, 1);
	assert_int_equal(seen.top, 2);
	assert_int_equal(seen.overridden, 0);
}

static void sections_and_their_conditions(void **state)
{
	AUTO_SETTINGS settings = NULL;
	AUTO_SETTINGS none = NULL;

	load(*state, "[user bob, service sshd imap]\nlockout_cap = 0\n[from 10.0.0.0/8]\n", NULL,
	     &settings);
	const struct section *first = settings_sections(settings);
	assert_non_null(first);
	assert_int_equal(first->line, 1);
	assert_int_equal(section_condition(first, CONDITION_SERVICE)->words.count, 2);
	assert_null(section_condition(first, CONDITION_GROUP));
	assert_non_null(section_condition(first->next, CONDITION_FROM));
	assert_null(first->next->next);
	load(*state, "", NULL, &none);
	assert_null(settings_sections(none));
}

static void a_value_as_a_section_has_it(void **state)
{
	AUTO_SETTINGS settings = NULL;

	load(*state,
	     "lockout_cap = 7\n[user bob]\nlockout_cap = 0\nlockout_duration = 1m\n"
	     "second_factor = off\n[user eve]\n",
	     NULL, &settings);
	const struct section *bob = settings_sections(settings);
	const struct section *eve = bob->next;
	assert_int_equal(settings_value_in(settings, NULL, "lockout_cap"), 7);
	assert_int_equal(settings_value_in(settings, bob, "lockout_cap"), 0);
	assert_int_equal(settings_value_in(settings, bob, "lockout_duration"), 60);
	assert_int_equal(settings_value_in(settings, bob, "second_factor"), SECOND_FACTOR_OFF);
	assert_int_equal(settings_value_in(settings, eve, "lockout_cap"), 7);
	assert_int_equal(settings_value_in(settings, eve, "lockout_tries"), 5);
	assert_int_equal(settings_value_in(settings, eve, "no such"), 0);
}

/* Only a later section that surely holds wherever the first does makes it idle. */
static void what_never_counts(void **state)
{
	static const struct {
		const char *first, *second;
		bool idle;
	} rows[] = {
	    {"[user bob, service sshd]", "[user bob]", true},
	    {"[user bob]", "[user bob, service sshd]", false},
	    {"[user bob]", "[user bob eve]", true},
	    {"[user bob eve]", "[user bob]", false},
	    {"[user bob]", "[group staff]", false},
	    {"[from 10.1.0.0/16]", "[from 10.0.0.0/8]", false}, /* only words are compared */
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		AUTO_SETTINGS settings = NULL;
		struct seen seen = {0};
		char text[256];
		snprintf(text, sizeof(text), "%s\nlockout_tries = 3\n%s\nlockout_tries = 4\n",
			 rows[i].first, rows[i].second);
		load(*state, text, NULL, &settings);
		settings_each_option(settings, look, &seen);
		assert_int_equal(seen.overridden, rows[i].idle ? 2 : 0);
		assert_int_equal(seen.lines[0], rows[i].idle ? 4 : 0);
	}
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, place_new, place_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_PLACE(each_option_where_it_stands),
	    IN_PLACE(sections_and_their_conditions),
	    IN_PLACE(a_value_as_a_section_has_it),
	    IN_PLACE(what_never_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
