/* SPDX-License-Identifier: BSD-3-Clause */
/* Who is meant by which section, and what wins. lockout_cap says which one it was. */
#include "tests/unit/settings_place.h"

#include "policy/access.h"

struct caller {
	const char *user;
	const char *service;
	const char *from;
	const char *groups[3];
};

static struct subject subject_of(const struct caller *caller)
{
	struct subject subject = {
	    .user = caller->user,
	    .service = caller->service,
	    .origin = origin_of(caller->from),
	    .groups = caller->groups,
	};

	while (subject.group_count < LENGTH(caller->groups) && caller->groups[subject.group_count])
		subject.group_count++;
	return subject;
}

static struct rules resolve(const struct settings *settings, const struct caller *caller)
{
	struct subject subject = subject_of(caller);
	struct rules rules;
	const char *problem;

	assert_int_equal(settings_resolve(settings, &subject, &rules, &problem), ST_OK);
	return rules;
}

struct row {
	const char *heading;
	struct caller caller;
	bool meant;
};

static void one_section(void **state)
{
	static const struct row table[] = {
	    {"group wheel", {"a", "sshd", NULL, {"wheel"}}, true},
	    {"group wheel", {"a", "sshd", NULL, {"users", "wheel"}}, true},
	    {"group wheel", {"a", "sshd", NULL, {"users", "staff"}}, false},
	    {"group wheel", {"a", "sshd", NULL, {NULL}}, false},
	    {"group wheel", {"wheel", "wheel", NULL, {NULL}}, false},
	    {"group wheel", {"a", "sshd", NULL, {"Wheel"}}, false},
	    {"group wheel", {"a", "sshd", NULL, {"wheel2"}}, false},
	    {"group wheel staff", {"a", "sshd", NULL, {"staff"}}, true},
	    {"group wheel, group staff", {"a", "sshd", NULL, {"staff"}}, false},
	    {"group wheel, group staff", {"a", "sshd", NULL, {"staff", "wheel"}}, true},
	    {"user alice", {"alice", "sshd", NULL, {NULL}}, true},
	    {"user alice", {"Alice", "sshd", NULL, {NULL}}, false},
	    {"user alice", {"alice2", "sshd", NULL, {"alice"}}, false},
	    {"user alice", {NULL, "sshd", NULL, {NULL}}, false},
	    {"user bob alice", {"alice", "sshd", NULL, {NULL}}, true},
	    {"user EXAMPLE\\alice", {"EXAMPLE\\alice", "sshd", NULL, {NULL}}, true},
	    {"user m\xc3\xbcller", {"m\xc3\xbcller", "sshd", NULL, {NULL}}, true},
	    {"service sudo", {"a", "sudo", NULL, {NULL}}, true},
	    {"service sudo", {"a", "sudo-i", NULL, {NULL}}, false},
	    {"service sudo", {"a", NULL, NULL, {NULL}}, false},
	    {"service cron crond atd systemd-user", {"a", "atd", NULL, {NULL}}, true},
	    {"from 10.0.0.0/8", {"a", "sshd", "10.1.2.3", {NULL}}, true},
	    {"from 10.0.0.0/8", {"a", "sshd", "::ffff:10.1.2.3", {NULL}}, true},
	    {"from 10.0.0.0/8", {"a", "sshd", "11.1.2.3", {NULL}}, false},
	    {"from 10.0.0.0/8", {"a", "sshd", "", {NULL}}, false},
	    {"from 10.0.0.0/8", {"a", "sshd", NULL, {NULL}}, false},
	    {"from 0.0.0.0/0 ::/0", {"a", "sshd", NULL, {NULL}}, false},
	    {"from 10.0.0.0/8 2001:db8::/32", {"a", "sshd", "2001:db8::1", {NULL}}, true},
	    {"from 192.0.2.7", {"a", "sshd", "192.0.2.7", {NULL}}, true},
	    {"from 192.0.2.7", {"a", "sshd", "192.0.2.8", {NULL}}, false},
	    {"group staff, service sshd", {"a", "sshd", NULL, {"staff"}}, true},
	    {"group staff, service sshd", {"a", "sudo", NULL, {"staff"}}, false},
	    {"group staff, service sshd", {"a", "sshd", NULL, {"users"}}, false},
	    {" group  staff\t,\tservice sshd sudo , from ::1 ",
	     {"a", "sudo", "::1", {"staff"}},
	     true},
	    {"group staff, service sshd sudo, from ::1", {"a", "sudo", "::2", {"staff"}}, false},
	    {"user a, group g, service s, from ::1", {"a", "s", "::1", {"g"}}, true},
	};
	const struct place *p = *state;

	for (size_t i = 0; i < LENGTH(table); i++) {
		char text[200];
		snprintf(text, sizeof(text), "lockout_cap = 1\n[%s]\nlockout_cap = 2\n",
			 table[i].heading);
		AUTO_SETTINGS settings = place_settings(p, text, NULL);
		if (resolve(settings, &table[i].caller).lockout.cap != (table[i].meant ? 2 : 1))
			fail_msg("row %zu: [%s]", i, table[i].heading);
		assert_int_equal(settings_need_groups(settings),
				 strstr(table[i].heading, "group") != NULL);
	}
}

static const char several[] = "lockout_cap = 1\n"       /* 1 */
			      "lockout_tries = 9\n"     /* 2 */
			      "[group staff]\n"         /* 3 */
			      "lockout_cap = 2\n"       /* 4 */
			      "lockout_tries = 8\n"     /* 5 */
			      "[service sudo]\n"        /* 6 */
			      "lockout_cap = 3\n"       /* 7 */
			      "[group staff, user a]\n" /* 8 */
			      "lockout_cap = 4\n"       /* 9 */
			      "[from 10.0.0.0/8]\n"     /* 10 */
			      "lockout_cap = 5\n";      /* 11 */

static void a_later_section_wins(void **state)
{
	static const struct {
		struct caller caller;
		uint32_t cap, tries;
		unsigned cap_line, tries_line;
	} table[] = {
	    {{"b", "sshd", NULL, {NULL}}, 1, 9, 1, 2},
	    {{"b", "sshd", NULL, {"staff"}}, 2, 8, 4, 5},
	    {{"b", "sudo", NULL, {"staff"}}, 3, 8, 7, 5},
	    {{"b", "sudo", NULL, {NULL}}, 3, 9, 7, 2},
	    {{"a", "sudo", NULL, {"staff"}}, 4, 8, 9, 5},
	    {{"a", "sudo", NULL, {NULL}}, 3, 9, 7, 2},
	    {{"a", "sudo", "10.0.0.1", {"staff"}}, 5, 8, 11, 5},
	    {{"x", "x", "10.0.0.1", {NULL}}, 5, 9, 11, 2},
	};
	const struct place *p = *state;
	AUTO_SETTINGS settings = place_settings(p, several, NULL);

	for (size_t i = 0; i < LENGTH(table); i++) {
		struct rules rules = resolve(settings, &table[i].caller);
		struct subject subject = subject_of(&table[i].caller);
		char origin[120];
		char expected[120];
		assert_int_equal(rules.lockout.cap, table[i].cap);
		assert_int_equal(rules.lockout.tries, table[i].tries);
		settings_origin_of(settings, &subject, "lockout_cap", origin, sizeof(origin));
		snprintf(expected, sizeof(expected), "%s:%u", p->path, table[i].cap_line);
		assert_string_equal(origin, expected);
		settings_origin_of(settings, &subject, "lockout_tries", origin, sizeof(origin));
		snprintf(expected, sizeof(expected), "%s:%u", p->path, table[i].tries_line);
		assert_string_equal(origin, expected);
	}
}

static void arguments_win_over_sections(void **state)
{
	static const struct caller caller = {"a", "sudo", "10.0.0.1", {"staff"}};
	static const char *const words[] = {"lockout_cap=77", NULL};
	struct subject subject = subject_of(&caller);
	AUTO_SETTINGS settings = place_settings(*state, several, words);
	char origin[20];

	assert_int_equal(resolve(settings, &caller).lockout.cap, 77);
	settings_origin_of(settings, &subject, "lockout_cap", origin, sizeof(origin));
	assert_string_equal(origin, "argument");
}

static void an_empty_section(void **state)
{
	static const struct caller caller = {"a", "sudo", NULL, {NULL}};
	AUTO_SETTINGS settings =
	    place_settings(*state, "[user a]\n[user b]\nlockout_cap = 2\n", NULL);

	assert_int_equal(resolve(settings, &caller).lockout.cap, 100);
}

/* One section puts right what another one alone would get wrong. */
static void sections_that_belong_together(void **state)
{
	static const struct caller caller = {"a", "sshd", NULL, {NULL}};
	AUTO_SETTINGS settings = place_settings(*state,
						"[user b a]\nlockout_max_duration = 4d\n"
						"[user a, service sshd]\nlockout_duration = 3d\n",
						NULL);

	assert_int_equal(resolve(settings, &caller).lockout.duration, 3 * 86400);
}

static void a_contradiction_of_two_sections(void **state)
{
	static const struct caller both = {"a", "sshd", NULL, {NULL}};
	static const struct caller one = {"a", "sudo", NULL, {NULL}};
	AUTO_SETTINGS settings =
	    place_settings(*state,
			   "lockout_max_duration = 4d\n[user a]\nlockout_max_duration = 2d\n"
			   "[service sshd]\nlockout_duration = 3d\n",
			   NULL);
	struct subject subject = subject_of(&both);
	struct rules rules;
	const char *problem = NULL;

	assert_int_equal(settings_resolve(settings, &subject, &rules, &problem), ST_CONFIG);
	assert_string_equal(problem, "lockout_max_duration is below lockout_duration");
	assert_int_equal(resolve(settings, &one).lockout.max_duration, 2 * 86400);
}

static enum reason origin_reason(const struct settings *settings, const struct caller *caller,
				 bool local)
{
	struct rules rules = resolve(settings, caller);
	struct visitor visitor = {.origin = origin_of(caller->from), .local_service = local};

	return access_origin(&rules, &visitor);
}

/* Rule 11: a host name where an address rule applies is a refusal, whatever the rule would say. */
static void a_host_name_decides_nothing(void **state)
{
	static const struct caller name = {"a", "sshd", "host.example.org", {NULL}};
	static const struct caller address = {"a", "sshd", "192.0.2.1", {NULL}};
	static const struct caller other = {"b", "sshd", "host.example.org", {NULL}};
	AUTO_SETTINGS settings =
	    place_settings(*state,
			   "second_factor = off\n"
			   "[user a, from 0.0.0.0/0 ::/0]\nsecond_factor = required\n",
			   NULL);

	assert_int_equal(origin_reason(settings, &name, false), REASON_RHOST_NAME);
	assert_int_equal(origin_reason(settings, &name, true), REASON_OK);
	assert_int_equal(resolve(settings, &name).second_factor, SECOND_FACTOR_OFF);
	assert_int_equal(origin_reason(settings, &address, false), REASON_OK);
	assert_int_equal(resolve(settings, &address).second_factor, SECOND_FACTOR_REQUIRED);
	assert_int_equal(origin_reason(settings, &other, false), REASON_OK);
}

static void a_host_name_without_address_rules(void **state)
{
	static const struct caller name = {"a", "sshd", "host.example.org", {NULL}};
	AUTO_SETTINGS settings = place_settings(*state, "[service sshd]\nlockout_cap = 2\n", NULL);

	assert_int_equal(origin_reason(settings, &name, false), REASON_OK);
	assert_int_equal(resolve(settings, &name).lockout.cap, 2);
}

/* An allow list of 10,000 ranges loads and decides. */
static void ten_thousand_ranges(void **state)
{
	static const struct caller in = {"a", "sshd", "10.39.15.9", {NULL}};
	static const struct caller out = {"a", "sshd", "10.39.16.9", {NULL}};
	size_t size = 10000 * 18 + 100;
	char *text = malloc(size);
	size_t length = 0;

	assert_non_null(text);
	length += (size_t)snprintf(text, size, "allow_from =");
	for (unsigned i = 0; i < 10000; i++)
		length += (size_t)snprintf(text + length, size - length, " 10.%u.%u.0/24", i / 256,
					   i % 256);
	snprintf(text + length, size - length, "\n");
	AUTO_SETTINGS settings = place_settings(*state, text, NULL);
	free(text);
	assert_int_equal(resolve(settings, &in).allow_from.count, 10000);
	assert_int_equal(origin_reason(settings, &in, false), REASON_OK);
	assert_int_equal(origin_reason(settings, &out, false), REASON_RHOST_DENIED);
}

/* The file that is installed, as it is and with every "#name = value" in force. */
static char *shipped_file(bool uncommented)
{
	char path[4096];
	char *text = calloc(1, 1 << 20);
	size_t length = 0;

	snprintf(path, sizeof(path), "%s/conf/kling.conf", getenv("abs_top_srcdir"));
	FILE *file = fopen(path, "re");
	assert_non_null(file);
	assert_non_null(text);
	while (fgets(text + length, (1 << 20) - (int)length, file)) {
		char *line = text + length;
		if (uncommented && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z')
			memmove(line, line + 1, strlen(line));
		length = strlen(text);
	}
	fclose(file);
	return text;
}

static void the_shipped_file(void **state)
{
	static const struct caller cron = {"a", "cron", NULL, {NULL}};
	static const struct caller sshd = {"a", "sshd", "192.0.2.1", {NULL}};

	if (!getenv("abs_top_srcdir"))
		skip();
	for (int uncommented = 0; uncommented < 2; uncommented++) {
		char *text = shipped_file(uncommented);
		AUTO_SETTINGS settings = place_settings(*state, text, NULL);
		struct subject subject = subject_of(&sshd);
		char origin[20];
		free(text);
		assert_int_equal(resolve(settings, &cron).second_factor, SECOND_FACTOR_OFF);
		assert_int_equal(resolve(settings, &sshd).second_factor, SECOND_FACTOR_REQUIRED);
		assert_int_equal(resolve(settings, &sshd).lockout.tries, 5);
		settings_origin_of(settings, &subject, "lockout_tries", origin, sizeof(origin));
		assert_int_equal(strcmp(origin, "default") == 0, !uncommented);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(one_section),
	    PLACE_TEST(a_later_section_wins),
	    PLACE_TEST(arguments_win_over_sections),
	    PLACE_TEST(an_empty_section),
	    PLACE_TEST(sections_that_belong_together),
	    PLACE_TEST(a_contradiction_of_two_sections),
	    PLACE_TEST(a_host_name_decides_nothing),
	    PLACE_TEST(a_host_name_without_address_rules),
	    PLACE_TEST(ten_thousand_ranges),
	    PLACE_TEST(the_shipped_file),
	};

	return cmocka_run_group_tests_name("settings_sections", tests, NULL, NULL);
}
