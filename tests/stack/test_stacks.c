/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PAM-21: each trouble, forced in turn, inside stacks as people write them: never success.
 * `rescue`. With calls that fail, and the way back in of DESIGN rule 14: test_stack_faults.c.
 */
#include "tests/stack/rig.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

struct stack {
	const char *name;
	const char *text;
	bool code_first; /* kling asks before pam_unix */
	bool code_only;
};

static const struct stack stacks[] = {
    {"alone", "auth required @\n", true, true},
    {"required", "auth required pam_unix.so nodelay\nauth required @\n", false, false},
    {"requisite", "auth requisite pam_unix.so nodelay\nauth required @\n", false, false},
    {"before sufficient", "auth required @\nauth sufficient pam_unix.so nodelay\n", true, false},
    {"Debian",
     "auth [success=1 default=ignore] pam_unix.so nodelay\nauth requisite pam_deny.so\n"
     "auth required pam_permit.so\nauth required @\n",
     false, false},
    {"before Debian",
     "auth required @\nauth [success=1 default=ignore] pam_unix.so nodelay\n"
     "auth requisite pam_deny.so\nauth required pam_permit.so\n",
     true, false},
    {"permit behind", "auth required @\nauth required pam_permit.so\n", true, true},
};

enum { STACKS = sizeof(stacks) / sizeof(stacks[0]) };

static void fresh(void)
{
	rig_clock_break(false);
	rig_clock_set(1795262410, 5000);
	rig_conf("");
	rig_store();
	rig_enroll("alice", 2);
	rig_log_clear();
}

static void put(const char *name, off_t offset, const void *bytes, size_t length)
{
	int fd = open(rig_path(name), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, length, offset), length);
	assert_int_equal(close(fd), 0);
}

static void nothing(void)
{
}

static void configuration(void)
{
	rig_conf("second_facter = required\n");
}

static void configuration_contradicts(void)
{
	rig_conf("lockout_max_duration = 1s\n");
}

static void configuration_is_anybodys(void)
{
	assert_int_equal(chmod(rig_path("kling.conf"), 0666), 0);
}

static void keys_are_gone(void)
{
	assert_int_equal(rename(rig_path("keys"), rig_path("keys.away")), 0);
}

static void keys_are_open(void)
{
	assert_int_equal(chmod(rig_path("keys"), 0777), 0);
}

static void store_is_gone(void)
{
	assert_int_equal(rename(rig_path("state"), rig_path("state.away")), 0);
}

static void marker_is_gone(void)
{
	assert_int_equal(unlink(rig_path("state/marker")), 0);
}

static void state_is_gone(void)
{
	assert_int_equal(unlink(rig_path("state/users/alice/state")), 0);
}

static void state_is_damaged(void)
{
	put("state/users/alice/state", 100, "damage", 6);
	put("state/users/alice/state", 8292, "damage", 6);
}

static void state_is_open(void)
{
	assert_int_equal(chmod(rig_path("state/users/alice/state"), 0644), 0);
}

static void enrollment_is_damaged(void)
{
	put("state/users/alice/enrollment", 300, "damage", 6);
}

static void clock_is_broken(void)
{
	rig_clock_break(true);
}

struct trouble {
	const char *name;
	void (*make)(void);
};

static const struct trouble troubles[] = {
    {"configuration", configuration},
    {"contradiction", configuration_contradicts},
    {"configuration of anybody's", configuration_is_anybodys},
    {"keys gone", keys_are_gone},
    {"keys open", keys_are_open},
    {"store gone", store_is_gone},
    {"marker gone", marker_is_gone},
    {"state gone", state_is_gone},
    {"state damaged", state_is_damaged},
    {"state open", state_is_open},
    {"enrollment damaged", enrollment_is_damaged},
    {"clock", clock_is_broken},
};

enum { TROUBLES = sizeof(troubles) / sizeof(troubles[0]) };

static void undo(void)
{
	(void)rename(rig_path("keys.away"), rig_path("keys"));
	(void)rename(rig_path("state.away"), rig_path("state"));
	(void)chmod(rig_path("keys"), 0700);
	rig_clock_break(false);
}

/* The right password and the right code, in the order in which this stack asks. */
static int log_in(const struct stack *stack, void (*make)(void), int fail)
{
	fresh();
	rig_service("stacked", stack->text);
	const char *code = rig_code("alice", 0);
	struct talk talk = {.answers = {RIG_PASSWORD, code}, .count = 2, .fail = fail};
	const struct login login = {.service = "stacked", .user = "alice", .rhost = "192.0.2.1"};
	if (stack->code_first) {
		talk.answers[0] = code;
		talk.answers[1] = RIG_PASSWORD;
	}
	make();
	int result = rig_login(&login, &talk);
	undo();
	return result;
}

static void each_stack_works_without_trouble(void **state)
{
	(void)state;
	for (size_t i = 0; i < STACKS; i++)
		assert_int_equal(log_in(&stacks[i], nothing, 0), PAM_SUCCESS);
}

static void no_trouble_is_success(void **state)
{
	(void)state;
	unsigned tried = 0;
	for (size_t i = 0; i < STACKS; i++) {
		for (size_t j = 0; j < TROUBLES; j++, tried++) {
			int result = log_in(&stacks[i], troubles[j].make, 0);
			if (result == PAM_SUCCESS || rig_log_count("event=accept") > 0)
				fail_msg("%s in the stack %s: %d", troubles[j].name, stacks[i].name,
					 result);
		}
		assert_int_not_equal(log_in(&stacks[i], nothing, PAM_CONV_ERR), PAM_SUCCESS);
		assert_int_not_equal(log_in(&stacks[i], nothing, PAM_BUF_ERR), PAM_SUCCESS);
		tried += 2;
	}
	printf("%u troubles in stacks, none of them a success\n", tried);
	assert_true(tried > 90);
}

/* What auth returns where the whole stack is kling: never success, ignore, or "unknown". */
static void codes_of_trouble(void **state)
{
	(void)state;
	for (size_t j = 0; j < TROUBLES; j++) {
		int result = log_in(&stacks[0], troubles[j].make, 0);
		assert_true(result == PAM_AUTH_ERR || result == PAM_SYSTEM_ERR);
	}
}

/* Debian's stack lets the module's IGNORE pass: grace is the only way to get it. */
static void grace_behind_a_password(void **state)
{
	(void)state;
	fresh();
	rig_service("stacked", stacks[4].text);
	struct talk talk = {.answers = {RIG_PASSWORD}, .count = 1};
	const struct login login = {.service = "stacked", .user = "bob", .rhost = "192.0.2.1"};
	assert_int_equal(rig_login(&login, &talk), PAM_SUCCESS);
	talk = (struct talk){.answers = {"Wrong-Horse-12"}, .count = 1};
	assert_int_not_equal(rig_login(&login, &talk), PAM_SUCCESS);
	assert_int_equal(log_in(&stacks[0], nothing, 0), PAM_SUCCESS);
	talk = (struct talk){.count = 0};
	const struct login alone = {.service = "stacked", .user = "bob", .rhost = "192.0.2.1"};
	rig_service("stacked", stacks[0].text);
	assert_int_not_equal(rig_login(&alone, &talk), PAM_SUCCESS);
}

/* --- the ways back in ----------------------------------------------------------------------------
 */

static int console(const char *user, const char *answer, struct talk *talk)
{
	const struct login login = {.service = "login", .user = user, .account = true};
	*talk = (struct talk){.answers = {answer}, .count = 1};
	rig_service("login", "auth required @\naccount required @\n");
	return rig_login(&login, talk);
}

/* The built-in defaults look below the built-in paths; elsewhere root stays out, too. */
static void a_broken_configuration_never_waives_the_code(void **state)
{
	(void)state;
	struct talk talk;
	fresh();
	rig_enroll("root", 0);
	configuration();
	assert_int_not_equal(console("root", rig_code("root", 0), &talk), PAM_SUCCESS);
	assert_int_not_equal(console("alice", rig_code("alice", 0), &talk), PAM_SUCCESS);
	assert_true(rig_log_count("reason=config") >= 2);
	assert_true(rig_log_count("line=3") >= 1);
	assert_int_equal(rig_log_count("problem=\"\""), 0);
}

/* Sections that contradict each other only where they meet: found after the file was read. */
static void a_contradiction_of_sections_waives_no_code(void **state)
{
	(void)state;
	struct talk talk;
	fresh();
	rig_enroll("root", 0);
	rig_conf("[user root]\nlockout_duration = 20h\n"
		 "[service login]\nlockout_max_duration = 1h\n");
	assert_int_not_equal(console("root", rig_code("root", 0), &talk), PAM_SUCCESS);
	assert_true(rig_log_count("event=rescue reason=config") >= 1);
	assert_int_equal(rig_log_count("file=\"\""), 0);
	assert_int_equal(rig_log_count("problem=\"\""), 0);
}

static void read_only(bool on)
{
	unsigned long flags = MS_REMOUNT | (on ? MS_RDONLY : 0);
	assert_int_equal(mount(NULL, rig_path(""), NULL, flags, NULL), 0);
}

/* rescue = console-root: the password alone, for root, at a console, while nothing can be written.
 */
static void rescue_at_the_console(void **state)
{
	(void)state;
	struct talk talk;
	const struct login login = {.service = "login", .user = "root", .account = true};
	fresh();
	rig_enroll("root", 0);
	rig_conf("rescue = console-root\n");
	rig_service("login", "auth requisite pam_unix.so nodelay\nauth required @\n"
			     "account required @\n");
	rig_service("code2", "auth requisite pam_unix.so nodelay\nauth required @\n");
	talk = (struct talk){.answers = {RIG_PASSWORD, "000000"}, .count = 2};
	assert_int_equal(rig_login(&login, &talk), PAM_AUTH_ERR);
	read_only(true);
	talk = (struct talk){.answers = {RIG_PASSWORD, "000000"}, .count = 2};
	int inside = rig_login(&login, &talk);
	talk = (struct talk){.answers = {"Wrong-Horse-12", "000000"}, .count = 2};
	int wrong = rig_login(&login, &talk);
	const struct login remote = {.service = "code2", .user = "root", .rhost = "192.0.2.1"};
	talk = (struct talk){.answers = {RIG_PASSWORD, rig_code("root", 0)}, .count = 2};
	int far = rig_login(&remote, &talk);
	const struct login other = {.service = "login", .user = "alice"};
	talk = (struct talk){.answers = {RIG_PASSWORD, rig_code("alice", 0)}, .count = 2};
	int alice = rig_login(&other, &talk);
	read_only(false);
	assert_int_equal(inside, PAM_SUCCESS);
	assert_int_equal(wrong, PAM_AUTH_ERR);
	assert_int_equal(far, PAM_AUTH_ERR);
	assert_int_equal(alice, PAM_AUTH_ERR);
	assert_true(rig_log_count("reason=rescue") >= 1);
	assert_true(rig_log_count("reason=state-io") >= 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_stack_works_without_trouble),
	    cmocka_unit_test(no_trouble_is_success),
	    cmocka_unit_test(codes_of_trouble),
	    cmocka_unit_test(grace_behind_a_password),
	    cmocka_unit_test(a_broken_configuration_never_waives_the_code),
	    cmocka_unit_test(a_contradiction_of_sections_waives_no_code),
	    cmocka_unit_test(rescue_at_the_console),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
