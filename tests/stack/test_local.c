/* SPDX-License-Identifier: BSD-3-Clause */
/* What somebody who is logged in tried with su and its like, and once could: LCK-12, RES-06. */
#include "tests/stack/rig.h"

#include "lib/store/table.h"

#include <sys/resource.h>

enum { ATTACKER = 1004, ADMIN = 1002, SLOT = 8192, SUBORDINATE = 165536 };

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_service("su", "auth required @\naccount required @\n");
	rig_store();
	rig_enroll("alice", 4);
	rig_log_clear();
}

static int su_with(void *answer)
{
	struct talk talk = {.answers = {answer}, .count = 1};
	const struct login by_su = {.service = "su", .user = "alice"};
	return rig_login(&by_su, &talk);
}

static int su_from(unsigned uid, const char *answer)
{
	return rig_as(uid, su_with, (void *)(uintptr_t)answer);
}

/* --- a guess that cannot be charged -------------------------------------------------------------
 */

/* The second slot lies beyond the limit. */
static int su_with_a_limit(void *answer)
{
	const struct rlimit limit = {SLOT + 256, SLOT + 256};
	(void)setrlimit(RLIMIT_FSIZE, &limit);
	return su_with(answer);
}

/* The lines of the log that an answer causes: their time can be seen from outside. */
static size_t lines_of(const char *answer)
{
	rig_log_clear();
	assert_int_equal(rig_as(ATTACKER, su_with_a_limit, (void *)(uintptr_t)answer),
			 PAM_AUTH_ERR);
	printf("%s", rig_log());
	return rig_log_count("event=");
}

/* One wrong answer before a lock: the next wrong one had a lock to tell of, a right one had not. */
static void what_cannot_be_charged_is_not_judged(void **state)
{
	(void)state;
	fresh("lockout_tries = 2\n");
	assert_int_equal(su_from(ATTACKER, rig_wrong("alice")), PAM_AUTH_ERR);
	size_t wrong = lines_of(rig_wrong("alice"));
	size_t right = lines_of(rig_code("alice", 0));
	assert_int_equal(rig_log_count("event=lock"), 0);
	assert_int_equal(wrong, right);
	assert_int_equal(rig_state("alice")->ledgers.ledger[LEDGER_LOCAL_OTHER].code_failures, 1);
	assert_int_equal(su_from(ATTACKER, rig_code("alice", 0)), PAM_SUCCESS);
}

/* --- the subordinate uids of one user -----------------------------------------------------------
 */

/* /etc/subuid gives everybody 65536 uids; a set-user-id file of each makes them real ones. */
static void subordinate_uids_lock_out_no_admin(void **state)
{
	(void)state;
	fresh("");
	for (unsigned uid = SUBORDINATE; uid < SUBORDINATE + 4; uid++)
		assert_int_equal(su_from(uid, rig_wrong("alice")), PAM_AUTH_ERR);
	for (int i = 0; i < 5; i++)
		assert_int_equal(su_from(SUBORDINATE + 4, rig_wrong("alice")), PAM_AUTH_ERR);
	rig_log_clear();
	int result = su_from(ADMIN, rig_code("alice", 0));
	printf("%s", rig_log());
	assert_int_equal(result, PAM_SUCCESS);
}

/* --- a slot that several users share ------------------------------------------------------------
 */

/* user0 to user63: the first two whose names hash to one slot of those who have no state yet. */
static void find_pair(char mine[16], char theirs[16])
{
	int held[TABLE_SLOTS];
	AUTO_STORE store = STORE_CLOSED;
	rig_open(&store);
	memset(held, -1, sizeof(held));
	for (int i = 0; i < 64; i++) {
		(void)snprintf(theirs, 16, "user%d", i);
		unsigned slot = table_slot(&store.keyring, STATE_OF_UNENROLLED, theirs);
		(void)snprintf(mine, 16, "user%d", held[slot]);
		if (held[slot] >= 0)
			return;
		held[slot] = i;
	}
	skip();
}

static int sudo_as_oneself(void *user)
{
	struct talk talk = {.answers = {"Wrong-Horse-12"}, .count = 1};
	const struct login login = {.service = "sudo", .user = user};
	return rig_login(&login, &talk);
}

/* `optional` makes no state for those who do not enroll: they share slots for good. */
static void typing_errors_of_one_lock_out_no_other(void **state)
{
	(void)state;
	char mine[16], theirs[16];
	fresh("second_factor = optional\n");
	rig_service("sudo", "auth requisite @ preauth\nauth requisite pam_unix.so nodelay\n"
			    "auth required @\naccount required @\n");
	find_pair(mine, theirs);
	for (int i = 0; i < 6; i++)
		(void)rig_as(rig_who(mine).uid, sudo_as_oneself, mine);
	assert_int_not_equal(rig_log_count("reason=locked"), 0);
	rig_log_clear();
	(void)rig_as(rig_who(theirs).uid, sudo_as_oneself, theirs);
	printf("%s and %s: %s", mine, theirs, rig_log());
	assert_int_equal(rig_log_count("reason=locked"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_cannot_be_charged_is_not_judged),
	    cmocka_unit_test(subordinate_uids_lock_out_no_admin),
	    cmocka_unit_test(typing_errors_of_one_lock_out_no_other),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
