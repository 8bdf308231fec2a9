/* SPDX-License-Identifier: BSD-3-Clause */
/* From when: the deadline of those who are not enrolled, second by second. FIL-11, FIL-18. */
#include "policy/deadline.h"
#include "tests/stack/rig.h"

#include <sys/stat.h>
#include <unistd.h>

enum { START = 1795262410, DAY = 86400, HOUR = 3600, GRACE = 7 * DAY };

/* 2026-11-25 00:00 UTC, four days after the start. */
enum { MIDNIGHT = 1795564800 };

static const struct login ssh = {
    .service = "ssh", .user = "alice", .rhost = "192.0.2.1", .account = true, .session = true};

static void fresh(const char *conf)
{
	rig_clock_set(START, 5000);
	rig_conf(conf);
	rig_service("ssh", "auth requisite pam_unix.so nodelay\nauth required @\n"
			   "account required @\nsession optional @\n");
	rig_store();
	rig_log_clear();
}

static struct talk last;

/* A login of alice with the right password, at so many seconds behind the start. */
static int at(int64_t seconds)
{
	last = (struct talk){.answers = {RIG_PASSWORD, "123456"}, .count = 2};
	rig_clock_set(START + seconds, 5000 + seconds);
	rig_log_clear();
	return rig_login(&ssh, &last);
}

static void assert_in(int64_t seconds)
{
	if (at(seconds) != PAM_SUCCESS || last.asked != 1 ||
	    rig_log_count("event=pass reason=grace") != 1)
		fail_msg("refused at %lld: %s", (long long)seconds, rig_log());
}

static void assert_out(int64_t seconds)
{
	if (at(seconds) != PAM_AUTH_ERR || last.asked != 2 ||
	    rig_log_count("event=deny reason=not-enrolled") != 1)
		fail_msg("let in at %lld: %s", (long long)seconds, rig_log());
	assert_string_equal(last.told_text, "Verification failed.\n");
}

static void assert_told(const char *words)
{
	if (strstr(last.told_text, words) == NULL)
		fail_msg("\"%s\" is not in: %s", words, last.told_text);
}

/* What the administrator's `grace` does. */
static void administer(void (*change)(struct grace *grace))
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who alice = rig_who("alice");
	rig_open(&store);
	assert_int_equal(account_lock_own(&store, &alice, &account), ST_OK);
	change(&account.state->grace);
	assert_int_equal(account_commit_both(&account), ST_OK);
}

static struct enroll_rules rules = {.grace = GRACE};

static void three_days_more(struct grace *grace)
{
	deadline_extend(grace, &rules, rig_clock_now(), (uint64_t)3 * DAY);
}

static void seven_days_to_the_second(void **state)
{
	(void)state;
	fresh("");
	assert_in(0);
	assert_told("Set up your second factor by Sat 28 Nov 2026, 7 days left: ");
	assert_told("administrator to run: kling-enroll add alice\n");
	assert_in(2 * DAY);
	assert_told("by Sat 28 Nov 2026, 5 days left: ");
	assert_in(GRACE - DAY - 1);
	assert_told("by Sat 28 Nov 2026, 1 day left: ");
	assert_in(GRACE - HOUR - 1);
	assert_told("by Sat 28 Nov 2026 12:00 UTC, 1 hour left: ");
	assert_in(GRACE - 1);
	assert_told("12:00 UTC, 1 minute left: ");
	assert_out(GRACE);
	assert_out(GRACE + 1);
	assert_out(365 * DAY);
}

/* It begins with the first login, whenever that is; one that fails begins nothing. */
static void it_begins_with_the_first_login(void **state)
{
	(void)state;
	fresh("");
	const uint64_t before = rig_fingerprint();
	last = (struct talk){.answers = {"Wrong-Horse-12"}, .count = 1};
	assert_int_equal(rig_login(&ssh, &last), PAM_AUTH_ERR);
	assert_true(rig_fingerprint() == before);
	assert_in(30 * DAY);
	assert_in(30 * DAY + GRACE - 1);
	assert_out(30 * DAY + GRACE);
}

/* A code can still be set up afterwards, and then it is asked for. */
static void enrolled_afterwards(void **state)
{
	(void)state;
	fresh("");
	assert_in(0);
	assert_out(GRACE);
	rig_enroll("alice", 0);
	last = (struct talk){.answers = {RIG_PASSWORD, rig_code("alice", 0)}, .count = 2};
	assert_int_equal(rig_login(&ssh, &last), PAM_SUCCESS);
}

static void the_day_after_which_nobody(void **state)
{
	(void)state;
	const int64_t end = MIDNIGHT - START;
	fresh("enroll_deadline = 2026-11-24\n");
	assert_in(0);
	assert_told("by Tue 24 Nov 2026, 3 days left: ");
	assert_in(end - 1);
	assert_told("by Wed 25 Nov 2026 00:00 UTC, 1 minute left: ");
	assert_out(end);
	administer(three_days_more);
	assert_out(end);
	fresh("enroll_deadline = 2026-11-20\n");
	assert_out(0);
}

static void the_administrator_s_word(void **state)
{
	(void)state;
	fresh("");
	assert_in(0);
	administer(three_days_more);
	assert_in(GRACE + 3 * DAY - 1);
	assert_out(GRACE + 3 * DAY);
	administer(three_days_more);
	assert_in(GRACE + 6 * DAY - 1);
	administer(deadline_end);
	assert_out(GRACE + 6 * DAY - 1);
	fresh("enroll_grace = 0\n");
	assert_out(0);
	rules.grace = 0;
	administer(three_days_more);
	rules.grace = GRACE;
	assert_in(3 * DAY - 1);
	assert_out(3 * DAY);
}

/* The day stays the same, whatever the clock says in between. */
static void the_clock_turned_back(void **state)
{
	(void)state;
	fresh("");
	assert_in(0);
	assert_in(6 * DAY);
	assert_in(DAY);
	assert_told("by Sat 28 Nov 2026, ");
	assert_in(-100 * DAY);
	assert_told("by Sat 28 Nov 2026, ");
	assert_in(GRACE - 1);
	assert_out(GRACE);
}

/* Where auth asks nobody, account meets the end; once seen it holds, whatever the clock says. */
static void the_end_was_seen(void **state)
{
	(void)state;
	fresh("enroll_grace = 2h\n");
	rig_service("ssh", "auth requisite pam_unix.so nodelay\n"
			   "auth optional @ second_factor=optional\naccount required @\n"
			   "session optional @\n");
	assert_int_equal(at(0), PAM_SUCCESS);
	assert_int_equal(at(2 * HOUR), PAM_PERM_DENIED);
	assert_int_equal(rig_log_count("event=deny reason=deadline"), 1);
	assert_int_equal(at(HOUR), PAM_PERM_DENIED);
	assert_int_equal(at(-DAY), PAM_PERM_DENIED);
	assert_int_equal(rig_log_count("event=deny reason=deadline"), 1);
}

/* Settings changed while it runs: the start holds. */
static void other_rules_while_it_runs(void **state)
{
	(void)state;
	fresh("");
	assert_in(0);
	rig_conf("enroll_grace = 2d\n");
	assert_in(2 * DAY - 1);
	assert_out(2 * DAY);
	rig_conf("enroll_grace = 30d\n");
	assert_in(30 * DAY - 1);
	assert_out(30 * DAY);
	rig_conf("second_factor = optional\n");
	assert_int_equal(at(40 * DAY), PAM_SUCCESS);
	rig_conf("second_factor = off\n");
	assert_int_equal(at(40 * DAY), PAM_SUCCESS);
	rig_conf("[service other]\nenroll_grace = 100d\n");
	assert_out(40 * DAY);
	rig_conf("[service ssh]\nenroll_grace = 100d\n");
	assert_in(40 * DAY);
}

static void two_days_later(struct talk *talk)
{
	(void)talk;
	rig_clock_step((int64_t)2 * DAY);
}

/* It runs out between auth and account: account says whom to ask. */
static void over_in_between(void **state)
{
	(void)state;
	fresh("");
	assert_in(0);
	rig_clock_set(START + GRACE - 1, 5000);
	rig_log_clear();
	struct talk talk = {.answers = {RIG_PASSWORD}, .count = 1};
	pam_handle_t *pamh = rig_start("ssh", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	two_days_later(&talk);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_PERM_DENIED);
	rig_stop(pamh, PAM_PERM_DENIED);
	assert_non_null(strstr(talk.told_text, "Ask your administrator to enroll you."));
	assert_int_equal(rig_log_count("event=deny reason=deadline"), 1);
}

/* Both, who is enrolled and who is not, are refused as long as it is so. */
static void assert_lost(void)
{
	static const char *const users[] = {"alice", "bob"};
	for (size_t i = 0; i < 2; i++) {
		struct login login = ssh;
		login.user = users[i];
		struct talk talk = {.answers = {RIG_PASSWORD, rig_code("bob", 0)}, .count = 2};
		rig_log_clear();
		assert_int_equal(rig_login(&login, &talk), PAM_SYSTEM_ERR);
		assert_int_equal(rig_log_count("event=deny reason=state-missing"), 1);
	}
}

/* FIL-18: a store that is lost is nobody's fresh seven days. */
static void a_lost_store(void **state)
{
	(void)state;
	static const char *const parts[] = {"state", "state/users", "state/marker"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		fresh("");
		rig_enroll("bob", 0);
		assert_in(0);
		assert_int_equal(rename(rig_path(parts[i]), rig_path("lost")), 0);
		assert_lost();
		if (i == 0) {
			assert_int_equal(mkdir(rig_path("state"), 0700), 0);
			assert_lost();
			assert_int_equal(rmdir(rig_path("state")), 0);
		}
		rig_conf("second_factor = off\n");
		assert_int_equal(at(0), PAM_SUCCESS);
		rig_conf("");
		assert_int_equal(rename(rig_path("lost"), rig_path(parts[i])), 0);
		assert_in(GRACE - 1);
		assert_out(GRACE);
	}
}

/* Nobody is enrolled where nothing is initialised, so users and strangers are refused alike. */
static void assert_refused_like_all(const char *user)
{
	const struct login code = {.service = "code", .user = user, .rhost = "192.0.2.1"};
	struct talk talk = {.answers = {"123456"}, .count = 1};
	assert_int_equal(rig_login(&code, &talk), PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 1);
	assert_string_equal(talk.prompts[0], "Your code: ");
	assert_string_equal(talk.told_text, "Verification failed.\n");
}

/* Neither key nor store: every login passes and says so, and no days are counted. */
static void not_initialised(void **state)
{
	(void)state;
	fresh("");
	assert_int_equal(rename(rig_path("state"), rig_path("lost")), 0);
	assert_int_equal(rename(rig_path("keys"), rig_path("lost-keys")), 0);
	for (int64_t day = 0; day < 30; day += 10) {
		assert_int_equal(at(day * DAY), PAM_SUCCESS);
		assert_true(rig_log_count("reason=not-initialised") >= 1);
	}
	rig_conf("enroll_grace = 0\nprompt = Your code:\n");
	rig_log_clear();
	assert_refused_like_all("alice");
	assert_int_equal(rig_log_count("event=deny reason=not-initialised user=\"alice\""), 1);
	assert_refused_like_all("nobody-at-all");
	assert_int_equal(rig_answer("alice", "\b\n\r\177INC"), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=host-refused"), 1);
	rig_conf("enroll_grace = 0\nprompt_style = combined\n");
	assert_int_equal(rig_answer("alice", RIG_PASSWORD "123456"), PAM_AUTH_ERR);
	assert_int_equal(rig_answer("alice", ""), PAM_AUTH_ERR);
	assert_int_equal(rename(rig_path("lost"), rig_path("state")), 0);
	assert_int_equal(rename(rig_path("lost-keys"), rig_path("keys")), 0);
}

static void put_uid(const char *uid)
{
	char text[256];
	FILE *file = fopen(rig_path("passwd"), "r+");
	assert_non_null(file);
	(void)snprintf(text, sizeof(text),
		       "root:x:0:0:root:/root:/bin/sh\nalice:x:%s:1001:Alice Liddell:/nonexistent:"
		       "/bin/sh\n",
		       uid);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* FIL-11: the name of somebody who left, given to somebody else. */
static void the_same_name_again(void **state)
{
	(void)state;
	for (int enrolled = 0; enrolled < 2; enrolled++) {
		fresh("");
		assert_in(0);
		if (enrolled)
			rig_enroll("alice", 0);
		put_uid("1901");
		last = (struct talk){.answers = {RIG_PASSWORD, rig_code("alice", 0)}, .count = 2};
		rig_log_clear();
		assert_int_equal(rig_login(&ssh, &last), PAM_AUTH_ERR);
		assert_int_equal(last.asked, 2);
		assert_int_equal(rig_log_count("event=deny reason=state-owner"), 1);
		put_uid("1001");
	}
}

static void everybody_has_days_of_his_own(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD}, .count = 1};
	struct login login = ssh;
	fresh("");
	assert_in(0);
	rig_clock_set(START + GRACE, 5000);
	login.user = "dave";
	assert_int_equal(rig_login(&login, &talk), PAM_SUCCESS);
	assert_out(GRACE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seven_days_to_the_second),
	    cmocka_unit_test(it_begins_with_the_first_login),
	    cmocka_unit_test(enrolled_afterwards),
	    cmocka_unit_test(the_day_after_which_nobody),
	    cmocka_unit_test(the_administrator_s_word),
	    cmocka_unit_test(the_clock_turned_back),
	    cmocka_unit_test(the_end_was_seen),
	    cmocka_unit_test(other_rules_while_it_runs),
	    cmocka_unit_test(over_in_between),
	    cmocka_unit_test(a_lost_store),
	    cmocka_unit_test(not_initialised),
	    cmocka_unit_test(the_same_name_again),
	    cmocka_unit_test(everybody_has_days_of_his_own),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
