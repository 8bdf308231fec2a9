/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks as a login meets them: LCK-01 to LCK-18, DUR-12, TIM-06, TIM-07, TIM-10. */
#include "tests/stack/rig.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { START = 1795262410, LOCK = 900, DAY = 86400 };

/* Where somebody stands who types a code. */
struct door {
	const char *service, *rhost;
	unsigned uid; /* of the caller, where a program runs with another real uid */
	bool key;     /* a completed public key, as sshd tells it */
};

static const struct door far = {.service = "sshd", .rhost = "192.0.2.1"};
static const struct door farther = {.service = "sshd", .rhost = "192.0.2.2"};
static const struct door keyed = {.service = "sshd", .rhost = "192.0.2.3", .key = true};
static const struct door console = {.service = "login", .rhost = ""};
static const struct door sudo_self = {.service = "sudo", .uid = 1001};
static const struct door su_root = {.service = "su"};
static const struct door su_bob = {.service = "su", .uid = 1002};

static void fresh(const char *conf)
{
	rig_clock_set(START, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", 4);
	rig_log_clear();
}

struct visit {
	const struct door *door;
	const char *user, *answer;
	bool account;
};

static int visit(void *context)
{
	const struct visit *visit = context;
	const struct door *door = visit->door;
	struct talk talk = {.answers = {visit->answer}, .count = 1};
	pam_handle_t *pamh = rig_start(door->service, visit->user, door->rhost, &talk);
	if (door->key)
		(void)pam_putenv(pamh, "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAAC3Nz\n");
	int result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS && visit->account)
		result = pam_acct_mgmt(pamh, 0);
	rig_stop(pamh, result);
	return result;
}

static int try(const struct door *door, const char *user, const char *answer)
{
	struct visit attempt = {door, user, answer, true};
	return door->uid != 0 ? rig_as(door->uid, visit, &attempt) : visit(&attempt);
}

static int right(const struct door *door, const char *user)
{
	return try(door, user, rig_code(user, 0));
}

static void wrong(const struct door *door, const char *user, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		assert_int_equal(try(door, user, rig_wrong(user)), PAM_AUTH_ERR);
}

/* The right code is refused for that reason, and nothing of it is spent. */
static void refused(const struct door *door, const char *user, const char *reason)
{
	size_t before = rig_log_count(reason);
	assert_int_equal(right(door, user), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count(reason), before + 1);
}

static const struct ledger *ledger_of(const char *user, size_t index)
{
	return &rig_state(user)->ledgers.ledger[index];
}

/* LCK-01 */
static void five_wrong_lock(void **state)
{
	(void)state;
	fresh("lockout_duration = 10s\n");
	const char *code = rig_code("alice", 0);
	wrong(&far, "alice", 5);
	assert_int_equal(rig_log_count("event=lock reason=locked user=\"alice\" uid=1001 "
				       "service=sshd rhost=192.0.2.1 ledger=strangers"),
			 1);
	refused(&far, "alice", "event=deny reason=locked");
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	rig_clock_step(10);
	assert_int_equal(try(&far, "alice", code), PAM_SUCCESS);
}

/* LCK-02 */
static void a_lock_ends_to_the_second(void **state)
{
	(void)state;
	fresh("");
	wrong(&far, "alice", 5);
	rig_clock_step(LOCK - 1);
	refused(&far, "alice", "event=deny reason=locked");
	rig_clock_step(1);
	assert_int_equal(rig_log_count("event=unlock"), 0);
	wrong(&far, "alice", 2);
	assert_int_equal(rig_log_count("event=unlock"), 1);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
	assert_int_equal(rig_log_count("event=unlock"), 1);
}

static void locked_for(const struct door *door, int64_t seconds)
{
	wrong(door, "alice", 5);
	rig_clock_step(seconds - 1);
	refused(door, "alice", "event=deny reason=locked");
	rig_clock_step(1);
}

/* LCK-05 */
static void locks_double_up_to_a_day(void **state)
{
	(void)state;
	fresh("lockout_cap = 0\n");
	for (int64_t length = LOCK; length < DAY; length *= 2)
		locked_for(&far, length);
	locked_for(&far, DAY);
	locked_for(&far, DAY);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
	rig_clock_step(60);
	locked_for(&far, LOCK);
	locked_for(&far, (int64_t)2 * LOCK);
}

static void the_console_does_not_double(void **state)
{
	(void)state;
	fresh("lockout_cap = 0\n");
	for (int i = 0; i < 4; i++)
		locked_for(&console, LOCK);
	assert_int_equal(right(&console, "alice"), PAM_SUCCESS);
}

/* LCK-06 */
static void trying_while_locked_changes_nothing(void **state)
{
	(void)state;
	fresh("");
	wrong(&far, "alice", 5);
	uint64_t before = rig_user_fingerprint("alice");
	rig_log_clear();
	for (int i = 0; i < 50; i++) {
		rig_clock_step(10);
		assert_int_equal(right(&far, "alice"), PAM_AUTH_ERR);
		assert_int_equal(try(&far, "alice", rig_backup(0)), PAM_AUTH_ERR);
	}
	assert_int_equal(rig_log_count("event=deny reason=locked"), 100);
	assert_int_equal(rig_log_count("factor="), 0); /* none was judged */
	assert_int_equal(rig_log_count(""), 100);
	assert_true(rig_user_fingerprint("alice") == before);
	rig_clock_step(LOCK - 500);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

/* A way in of its own for each kind of source; LCK-08, LCK-12. */
static void every_source_has_its_own_ledger(void **state)
{
	(void)state;
	static const struct {
		const struct door *door;
		size_t index;
		const char *name;
	} doors[] = {
	    {&far, LEDGER_STRANGERS, "ledger=strangers"},
	    {&keyed, LEDGER_KEYED, "ledger=keyed"},
	    {&console, LEDGER_CONSOLE, "ledger=console"},
	    {&su_root, LEDGER_LOCAL_ROOT, "ledger=local"},
	    {&sudo_self, LEDGER_LOCAL_SELF, "ledger=local"},
	    {&su_bob, LEDGER_LOCAL_OTHER, "ledger=local"},
	    {&farther, LEDGER_KNOWN, "ledger=known"},
	};
	enum { DOORS = sizeof(doors) / sizeof(doors[0]) };
	for (size_t attacked = 0; attacked < DOORS; attacked++) {
		fresh("");
		assert_int_equal(right(&farther, "alice"), PAM_SUCCESS);
		rig_clock_step(60);
		rig_log_clear();
		wrong(doors[attacked].door, "alice", 5);
		assert_int_equal(rig_log_count(doors[attacked].name), 6);
		assert_true(ledger_of("alice", doors[attacked].index)->code_locked_until > 0);
		refused(doors[attacked].door, "alice", "event=deny reason=locked");
		for (size_t i = 0; i < DOORS; i++) {
			if (i == attacked)
				continue;
			assert_int_equal(right(doors[i].door, "alice"), PAM_SUCCESS);
			rig_clock_step(60);
		}
		refused(doors[attacked].door, "alice", "event=deny reason=locked");
	}
}

static void more_local_users_than_slots(void **state)
{
	(void)state;
	fresh("");
	for (unsigned uid = 2000; uid < 2005; uid++) {
		const struct door su = {.service = "su", .uid = uid};
		wrong(&su, "alice", 5);
		refused(&su, "alice", "event=deny reason=locked");
	}
	assert_true(ledger_of("alice", LEDGER_LOCAL_REST)->code_locked_until > 0);
	assert_int_equal(right(&sudo_self, "alice"), PAM_SUCCESS);
}

static void known_addresses_by_their_64(void **state)
{
	(void)state;
	static const struct door home = {.service = "sshd", .rhost = "2001:db8:1:2::5"};
	static const struct door same = {.service = "sshd", .rhost = "2001:DB8:1:2:ffff::99"};
	static const struct door next = {.service = "sshd", .rhost = "2001:db8:1:3::5"};
	static const struct door mapped = {.service = "sshd", .rhost = "::ffff:192.0.2.1"};
	fresh("");
	assert_int_equal(right(&home, "alice"), PAM_SUCCESS);
	wrong(&same, "alice", 1);
	assert_int_equal(rig_log_count("ledger=known fails=1"), 1);
	wrong(&next, "alice", 1);
	assert_int_equal(rig_log_count("reason=bad-code user=\"alice\" uid=1001 service=sshd "
				       "rhost=2001:db8:1:3::5 ledger=strangers fails=1"),
			 1);
	rig_clock_step(60);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
	wrong(&mapped, "alice", 1);
	assert_int_equal(rig_log_count("ledger=known fails=1"), 2);
	/* Thirty days later nobody is known any more. */
	rig_clock_step((int64_t)31 * DAY);
	wrong(&same, "alice", 1);
	assert_int_equal(rig_log_count("ledger=strangers fails=1"), 2);
}

/* Only a login through account makes a source known, and only both factors. */
static void auth_alone_makes_nothing_known(void **state)
{
	(void)state;
	fresh("");
	struct visit attempt = {&far, "alice", rig_code("alice", 0), false};
	assert_int_equal(visit(&attempt), PAM_SUCCESS);
	assert_false(ledger_of("alice", LEDGER_KNOWN)->in_use);
}

/* LCK-14 */
static void the_ninth_known_address(void **state)
{
	(void)state;
	char hosts[9][16];
	fresh("");
	for (int i = 0; i < 9; i++) {
		(void)snprintf(hosts[i], sizeof(hosts[i]), "198.51.100.%d", i + 1);
		const struct door door = {.service = "sshd", .rhost = hosts[i]};
		assert_int_equal(right(&door, "alice"), PAM_SUCCESS);
		rig_clock_step(60);
	}
	for (int i = 0; i < 9; i++) {
		const struct door door = {.service = "sshd", .rhost = hosts[i]};
		rig_log_clear();
		wrong(&door, "alice", 1);
		assert_int_equal(rig_log_count(i == 0 ? "ledger=strangers" : "ledger=known"), 1);
	}
}

/* LCK-10 */
static void the_cap(void **state)
{
	(void)state;
	fresh("lockout_duration = 1s\nlockout_max_duration = 1s\n");
	assert_int_equal(right(&farther, "alice"), PAM_SUCCESS);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(rig_log_count("reason=cap"), 0);
		rig_clock_step(2);
		wrong(&far, "alice", 1);
		if (i == 50) /* a success elsewhere does not end the row */
			assert_int_equal(right(&console, "alice"), PAM_SUCCESS);
	}
	assert_int_equal(rig_log_count("event=lock reason=cap"), 1);
	rig_clock_step((int64_t)20 * DAY);
	refused(&far, "alice", "event=deny reason=cap");
	rig_reboot((int64_t)5 * DAY);
	refused(&far, "alice", "event=deny reason=cap");
	assert_int_equal(right(&farther, "alice"), PAM_SUCCESS);
	rig_clock_step(60);
	assert_int_equal(right(&console, "alice"), PAM_SUCCESS);
	rig_clock_step(60);
	rig_unlock("alice");
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

/* LCK-11 */
static void logins_without_a_code_while_locked(void **state)
{
	(void)state;
	static const struct {
		const char *service, *rhost;
	} callers[] = {
	    {"sudo", NULL}, {"cron", NULL}, {"sshd", "192.0.2.1"}, {"su", NULL}, {"login", ""}};
	fresh("");
	wrong(&far, "alice", 5);
	wrong(&console, "alice", 5);
	uint64_t before = rig_fingerprint();
	rig_log_clear();
	for (size_t i = 0; i < sizeof(callers) / sizeof(callers[0]); i++) {
		struct talk talk = {0};
		pam_handle_t *pamh =
		    rig_start(callers[i].service, "alice", callers[i].rhost, &talk);
		assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
		assert_int_equal(pam_setcred(pamh, PAM_ESTABLISH_CRED), PAM_SUCCESS);
		assert_int_equal(pam_open_session(pamh, 0), PAM_SUCCESS);
		assert_int_equal(pam_close_session(pamh, 0), PAM_SUCCESS);
		assert_int_equal(talk.asked, 0);
		rig_stop(pamh, PAM_SUCCESS);
	}
	assert_true(rig_fingerprint() == before);
}

/* LCK-09 */
static void a_host_that_refuses_root(void **state)
{
	(void)state;
	fresh("");
	rig_enroll("root", 0);
	uint64_t before = rig_user_fingerprint("root");
	for (int i = 0; i < 10000; i++)
		assert_int_equal(try(&far, "root", "\b\n\r\177INCORRECT"), PAM_AUTH_ERR);
	assert_true(rig_user_fingerprint("root") == before);
	assert_in_range(rig_log_count("reason=host-refused"), 1, 12);
	assert_int_equal(right(&console, "root"), PAM_SUCCESS);
}

/* LCK-17 */
static void unlocked_by_hand(void **state)
{
	(void)state;
	fresh("");
	const char *code = rig_code("alice", 0);
	assert_int_equal(try(&far, "alice", code), PAM_SUCCESS);
	assert_int_equal(try(&far, "alice", rig_backup(1)), PAM_SUCCESS);
	wrong(&far, "alice", 5);
	refused(&far, "alice", "event=deny reason=locked");
	rig_unlock("alice");
	assert_int_equal(try(&far, "alice", code), PAM_AUTH_ERR);
	assert_int_equal(try(&far, "alice", rig_backup(1)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=replay"), 2);
	assert_int_equal(try(&far, "alice", rig_code("alice", 1)), PAM_SUCCESS);
}

/* LCK-18 */
static void no_tries_and_no_end(void **state)
{
	(void)state;
	fresh("lockout_tries = 0\nlockout_cap = 0\n");
	wrong(&far, "alice", 300);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
	fresh("lockout_duration = 0\n");
	wrong(&far, "alice", 5);
	rig_clock_step((int64_t)3650 * DAY);
	refused(&far, "alice", "event=deny reason=locked");
	rig_reboot((int64_t)3650 * DAY);
	refused(&far, "alice", "event=deny reason=locked");
	rig_unlock("alice");
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

/* DUR-12 */
static void a_reboot_frees_nobody(void **state)
{
	(void)state;
	fresh("");
	wrong(&far, "alice", 5);
	rig_clock_step(300);
	rig_reboot(100);
	rig_clock_step(499);
	refused(&far, "alice", "event=deny reason=locked");
	rig_clock_step(1);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

/* TIM-06 */
static void a_jump_of_the_clock_frees_nobody(void **state)
{
	(void)state;
	fresh("");
	wrong(&far, "alice", 5);
	rig_clock_wall(3600);
	refused(&far, "alice", "event=deny reason=locked");
	rig_clock_wall(-7200);
	refused(&far, "alice", "event=deny reason=locked");
	rig_clock_step(LOCK);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

/* TIM-07 */
static void a_clock_set_back_prolongs_nothing(void **state)
{
	(void)state;
	fresh("");
	wrong(&far, "alice", 5);
	rig_reboot(-(int64_t)365 * DAY);
	refused(&far, "alice", "event=deny reason=locked");
	rig_clock_step(LOCK - 60);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

/* TIM-10: the boot clock counts while the machine sleeps. */
static void asleep_for_eight_hours(void **state)
{
	(void)state;
	fresh("lockout_duration = 9h\nlockout_max_duration = 24h\n");
	wrong(&far, "alice", 5);
	rig_clock_step((int64_t)8 * 3600);
	refused(&far, "alice", "event=deny reason=locked");
	rig_clock_step(3600);
	assert_int_equal(right(&far, "alice"), PAM_SUCCESS);
}

static void one_ledger_for_everybody(void **state)
{
	(void)state;
	fresh("lockout_scope = account\n");
	wrong(&far, "alice", 2);
	wrong(&console, "alice", 1);
	wrong(&sudo_self, "alice", 1);
	wrong(&keyed, "alice", 1);
	assert_int_equal(rig_log_count("event=lock reason=locked"), 1);
	refused(&console, "alice", "event=deny reason=locked");
	refused(&su_bob, "alice", "event=deny reason=locked");
	refused(&farther, "alice", "event=deny reason=locked");
}

static void root_without_a_lock(void **state)
{
	(void)state;
	fresh("lockout_root = no\n");
	rig_enroll("root", 0);
	wrong(&far, "root", 150);
	assert_int_equal(rig_log_count("event=lock"), 0);
	assert_int_equal(right(&far, "root"), PAM_SUCCESS);
	wrong(&far, "alice", 5);
	refused(&far, "alice", "event=deny reason=locked");
}

static void what_the_locked_are_told(void **state)
{
	(void)state;
	const struct login login = {.service = "sshd", .user = "alice", .rhost = "192.0.2.1"};
	for (int open = 0; open < 2; open++) {
		struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
		fresh(open ? "lockout_message = yes\n" : "");
		wrong(&far, "alice", 5);
		assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
		assert_int_equal(strstr(talk.told_text, "locked") != NULL, open);
		assert_int_equal(strcmp(talk.told_text, "Verification failed.\n") == 0, !open);
	}
}

/* LCK-07 */
static void nobody_locks_the_administrator_out(void **state)
{
	(void)state;
	enum { ATTEMPTS = 100000, ADDRESSES = 1000, JUNK = 1000, SU = 100 };
	static const struct door home = {.service = "sshd", .rhost = "203.0.113.7"};
	const char *guess = rig_wrong("alice");
	fresh("");
	assert_int_equal(right(&home, "alice"), PAM_SUCCESS);
	for (int i = 0; i < ATTEMPTS; i++) {
		char host[32];
		(void)snprintf(host, sizeof(host), "10.0.%d.%d", i % ADDRESSES / 250,
			       i % ADDRESSES % 250 + 1);
		const struct door door = {.service = "sshd", .rhost = host};
		struct visit attempt = {&door, "alice", guess, true};
		if (visit(&attempt) != PAM_AUTH_ERR)
			fail_msg("attempt %d", i);
		rig_clock_step(i % 3 == 0);
		if (i % 5000 == 0)
			rig_log_clear();
	}
	for (int i = 0; i < JUNK; i++)
		assert_int_equal(try(&far, "alice", "\b\n\r\177INCORRECT"), PAM_AUTH_ERR);
	wrong(&su_bob, "alice", SU);
	rig_clock_step(60);
	refused(&far, "alice", "event=deny reason=locked");
	assert_int_equal(right(&console, "alice"), PAM_SUCCESS);
	rig_clock_step(60);
	assert_int_equal(right(&sudo_self, "alice"), PAM_SUCCESS);
	rig_clock_step(60);
	assert_int_equal(right(&keyed, "alice"), PAM_SUCCESS);
	rig_clock_step(60);
	assert_int_equal(right(&home, "alice"), PAM_SUCCESS);
}

/* LCK-16: nothing of what counts him is the user's to read or change; the stage itself is open. */
static int meddle(void *context)
{
	static const char *const paths[] = {"state",
					    "state/users",
					    "state/users/alice",
					    "state/users/alice/state",
					    "state/users/alice/enrollment",
					    "state/unknown",
					    "state/unenrolled",
					    "keys"};
	(void)context;
	if (setresuid(1001, 1001, 1001) != 0)
		return 100;
	for (int i = 0; i < 8; i++) {
		const char *path = rig_path(paths[i]);
		if (open(path, O_RDONLY | O_CLOEXEC) >= 0 || open(path, O_RDWR | O_CLOEXEC) >= 0 ||
		    chmod(path, 0777) == 0 || truncate(path, 0) == 0 || unlink(path) == 0 ||
		    rename(path, rig_path("elsewhere")) == 0)
			return 1 + i;
	}
	if (open(rig_path("kling.conf"), O_RDWR | O_CLOEXEC) >= 0)
		return 50;
	return open(rig_path("kling.conf"), O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 99;
}

static void the_user_cannot_change_his_own(void **state)
{
	(void)state;
	fresh("");
	wrong(&far, "alice", 5);
	uint64_t before = rig_fingerprint();
	assert_int_equal(chmod(rig_path("."), 0755), 0);
	assert_int_equal(rig_as(1001, meddle, NULL), 0);
	assert_int_equal(chmod(rig_path("."), 0700), 0);
	assert_true(rig_fingerprint() == before);
	refused(&far, "alice", "event=deny reason=locked");
}

static void make_services(void)
{
	static const char *const names[] = {"sshd", "login", "sudo", "su", "cron"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		rig_service(names[i], "auth required @\naccount required @\nsession required @\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(five_wrong_lock),
	    cmocka_unit_test(a_lock_ends_to_the_second),
	    cmocka_unit_test(locks_double_up_to_a_day),
	    cmocka_unit_test(the_console_does_not_double),
	    cmocka_unit_test(trying_while_locked_changes_nothing),
	    cmocka_unit_test(every_source_has_its_own_ledger),
	    cmocka_unit_test(more_local_users_than_slots),
	    cmocka_unit_test(known_addresses_by_their_64),
	    cmocka_unit_test(auth_alone_makes_nothing_known),
	    cmocka_unit_test(the_ninth_known_address),
	    cmocka_unit_test(the_cap),
	    cmocka_unit_test(logins_without_a_code_while_locked),
	    cmocka_unit_test(a_host_that_refuses_root),
	    cmocka_unit_test(unlocked_by_hand),
	    cmocka_unit_test(the_user_cannot_change_his_own),
	    cmocka_unit_test(no_tries_and_no_end),
	    cmocka_unit_test(a_reboot_frees_nobody),
	    cmocka_unit_test(a_jump_of_the_clock_frees_nobody),
	    cmocka_unit_test(a_clock_set_back_prolongs_nothing),
	    cmocka_unit_test(asleep_for_eight_hours),
	    cmocka_unit_test(one_ledger_for_everybody),
	    cmocka_unit_test(root_without_a_lock),
	    cmocka_unit_test(what_the_locked_are_told),
	    cmocka_unit_test(nobody_locks_the_administrator_out),
	};
	rig_begin();
	make_services();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
