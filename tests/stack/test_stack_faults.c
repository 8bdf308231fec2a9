/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PAM-21: whatever call fails below the module or whatever file is gone, in whatever stack it
 * stands, the stack does not succeed. And the two ways back in: a configuration that does not load,
 * a disk that is read-only.
 */
#include "tests/stack/rig.h"
#include "tests/stack/rig_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { START = 1795262410, OTHER_SIZE = 16384 };

#define ACCOUNT "account required @\naccount required pam_permit.so\n"

/* The password is right but where the stack would not need us then. */
static const struct stack {
	const char *name, *text;
	bool wrong_password;
} stacks[] = {
    {"alone", "auth required @\n" ACCOUNT, false},
    {"required", "auth required pam_unix.so nodelay\nauth required @\n" ACCOUNT, false},
    {"requisite", "auth requisite pam_unix.so nodelay\nauth required @\n" ACCOUNT, false},
    {"sufficient", "auth sufficient pam_unix.so nodelay\nauth required @\n" ACCOUNT, true},
    {"before", "auth required @\nauth sufficient pam_unix.so nodelay\n" ACCOUNT, false},
    {"debian",
     "auth [success=1 default=ignore] pam_unix.so nodelay\nauth requisite pam_deny.so\n"
     "auth required pam_permit.so\nauth required @\n" ACCOUNT,
     false},
    {"jump",
     "auth requisite pam_unix.so nodelay\nauth [success=1 default=ignore] @\n"
     "auth requisite pam_deny.so\nauth required pam_permit.so\n" ACCOUNT,
     false},
    {"ignoring",
     "auth requisite pam_unix.so nodelay\n"
     "auth [success=ok new_authtok_reqd=ok ignore=ignore user_unknown=ignore "
     "authinfo_unavail=ignore default=die] @\nauth required pam_permit.so\n" ACCOUNT,
     false},
    {"permit", "auth required @\nauth required pam_permit.so\n" ACCOUNT, false},
    {"permit2", "auth requisite @\nauth sufficient pam_permit.so\n" ACCOUNT, false},
    {"preauth",
     "auth requisite @ preauth\nauth requisite pam_unix.so nodelay\nauth required @\n"
     "auth required pam_permit.so\n" ACCOUNT,
     false},
};
enum { STACKS = sizeof(stacks) / sizeof(stacks[0]) };

static void fresh(const char *conf)
{
	rig_clock_set(START, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", 4);
	rig_log_clear();
}

/* The password or the code, as the prompt asks for it. */
struct knowledge {
	const char *password, *code;
	const struct fault *fault; /* armed for the whole transaction */
};

static void know(struct talk *talk, const char *prompt)
{
	const struct knowledge *knowledge = talk->context;
	bool password = strstr(prompt, "assword") != NULL;
	talk->answers[talk->asked] = password ? knowledge->password : knowledge->code;
}

static int enter(const char *service, const char *user, const char *rhost,
		 struct knowledge *knowledge, int fail)
{
	struct talk talk = {.count = RIG_ANSWERS, .play = know, .context = knowledge, .fail = fail};
	pam_handle_t *pamh = rig_start(service, user, rhost, &talk);
	if (knowledge->fault != NULL)
		fault_arm(knowledge->fault);
	int result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	if (knowledge->fault != NULL)
		(void)fault_disarm();
	rig_stop(pamh, result);
	return result;
}

/* --- what goes wrong ---------------------------------------------------------------------------
 */

static void overwrite(const char *name, off_t at)
{
	static const char junk[64] = "junk";
	int fd = open(rig_path(name), O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, sizeof(junk), at), sizeof(junk));
	(void)close(fd);
}

static void break_nothing(void)
{
}

static void break_configuration(void)
{
	rig_conf("lockout_tries = five\n");
}

static void lose_configuration(void)
{
	assert_int_equal(unlink(rig_path("kling.conf")), 0);
}

static void lose_keys(void)
{
	(void)rename(rig_path("keys"), rig_path("lost-keys"));
}

static void damage_keys(void)
{
	assert_int_equal(chmod(rig_path("keys"), 0777), 0);
}

static void lose_store(void)
{
	assert_int_equal(rename(rig_path("state"), rig_path("lost-state")), 0);
}

static void lose_marker(void)
{
	assert_int_equal(unlink(rig_path("state/marker")), 0);
}

static void damage_state(void)
{
	overwrite("state/users/alice/state", 100);
	overwrite("state/users/alice/state", STATE_SLOT_BYTES + 100);
}

static void damage_one_slot(void)
{
	overwrite("state/users/alice/state", 100);
}

static void lose_state(void)
{
	assert_int_equal(unlink(rig_path("state/users/alice/state")), 0);
}

static void damage_enrollment(void)
{
	overwrite("state/users/alice/enrollment", 80);
}

static void lose_name(void)
{
	rig_conf("allow_from = 10.0.0.0/8\n");
}

static void break_clock(void)
{
	rig_clock_break(true);
}

static const struct trouble {
	const char *name;
	void (*begin)(void);
	struct fault fault; /* with a call: fails for as long as the login lasts */
	int conversation;   /* what it returns instead */
	bool slow;
} troubles[] = {
    {.name = "configuration broken", .begin = break_configuration},
    {.name = "configuration lost", .begin = lose_configuration},
    {.name = "keys lost", .begin = lose_keys},
    {.name = "keys damaged", .begin = damage_keys},
    {.name = "store lost", .begin = lose_store},
    {.name = "marker lost", .begin = lose_marker},
    {.name = "state damaged", .begin = damage_state},
    {.name = "a slot damaged", .begin = damage_one_slot},
    {.name = "state lost", .begin = lose_state},
    {.name = "enrollment damaged", .begin = damage_enrollment},
    {.name = "address refused", .begin = lose_name},
    {.name = "no clock", .begin = break_clock},
    {.name = "conversation fails", .begin = break_nothing, .conversation = PAM_CONV_ERR},
    {.name = "conversation later", .begin = break_nothing, .conversation = PAM_CONV_AGAIN},
    {.name = "no memory for secrets", .begin = break_nothing, .fault = {"mmap", 1, ENOMEM, true}},
    {.name = "no look-up", .begin = break_nothing, .fault = {"getpwnam_r", 1, EIO, true}},
    {.name = "no flush", .begin = break_nothing, .fault = {"fdatasync", 1, EIO, true}},
    {.name = "no writing", .begin = break_nothing, .fault = {"pwrite", 1, EROFS, true}},
    {.name = "no reading", .begin = break_nothing, .fault = {"pread", 1, EIO, true}},
    {.name = "no opening", .begin = break_nothing, .fault = {"openat", 1, EMFILE, true}},
    {.name = "no looking", .begin = break_nothing, .fault = {"fstat", 1, EIO, true}},
    {.name = "no locks", .begin = break_nothing, .fault = {"fcntl", 1, ENOLCK, true}},
    {.name = "lock held",
     .begin = break_nothing,
     .fault = {"fcntl", 1, EAGAIN, true},
     .slow = true},
    {.name = "no items", .begin = break_nothing, .fault = {"pam_get_item", 1, PAM_BUF_ERR, true}},
    {.name = "no user", .begin = break_nothing, .fault = {"pam_get_user", 1, PAM_BUF_ERR, true}},
    {.name = "no data", .begin = break_nothing, .fault = {"pam_set_data", 1, PAM_BUF_ERR, true}},
    {.name = "no TOTP", .begin = break_nothing, .fault = {"oath_totp_generate2", 1, -1, true}},
    {.name = "no cipher", .begin = break_nothing, .fault = {"AES_set_encrypt_key", 1, -1, true}},
};
enum { TROUBLES = sizeof(troubles) / sizeof(troubles[0]) };

static int enter_stack(const struct stack *stack, const struct trouble *trouble)
{
	struct knowledge knowledge = {
	    .password = stack->wrong_password ? "Wrong-Horse-12" : RIG_PASSWORD,
	    .code = rig_code("alice", 0),
	    .fault = trouble->fault.call != NULL ? &trouble->fault : NULL,
	};
	return enter(stack->name, "alice", "192.0.2.1", &knowledge, trouble->conversation);
}

static void mend(void)
{
	rig_clock_break(false);
	(void)rename(rig_path("lost-keys"), rig_path("keys"));
	(void)rename(rig_path("lost-state"), rig_path("state"));
	(void)chmod(rig_path("keys"), 0700);
}

static void without_trouble_each_stack_lets_in(void **state)
{
	(void)state;
	static const struct trouble none = {.name = "none"};
	for (size_t i = 0; i < STACKS; i++) {
		fresh("");
		if (enter_stack(&stacks[i], &none) != PAM_SUCCESS)
			fail_msg("%s: %s", stacks[i].name, rig_log());
	}
}

static void no_trouble_lets_anybody_in(void **state)
{
	(void)state;
	unsigned refused = 0;
	for (size_t t = 0; t < TROUBLES; t++)
		for (size_t i = 0; i < STACKS; i++) {
			if (troubles[t].slow && strcmp(stacks[i].name, "permit") != 0)
				continue;
			fresh("");
			troubles[t].begin();
			int result = enter_stack(&stacks[i], &troubles[t]);
			mend();
			if (result == PAM_SUCCESS)
				fail_msg("%s in %s: %s", troubles[t].name, stacks[i].name,
					 rig_log());
			refused++;
		}
	printf("%u times in trouble, %u times refused\n", refused, refused);
	assert_true(refused > 250);
}

/* --- ways back in ------------------------------------------------------------------------------
 */

static void copy_file(const char *from, const char *to)
{
	static char bytes[OTHER_SIZE];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ssize_t length = read(in, bytes, sizeof(bytes));
	assert_true(length > 0 && length < OTHER_SIZE);
	assert_int_equal(write(out, bytes, (size_t)length), length);
	(void)close(in);
	(void)close(out);
}

/* An empty directory in place of the one above `path`, and `from` at `path`. */
static bool put_at(const char *path, const char *from, const char *below)
{
	char above[512], place[1024];
	(void)snprintf(above, sizeof(above), "%s", path);
	if (mount("none", dirname(above), "tmpfs", 0, "mode=0755") != 0)
		return false;
	(void)snprintf(place, sizeof(place), "%s", path);
	assert_int_equal(mkdir(place, 0755), 0);
	(void)snprintf(place, sizeof(place), "%s%s", path, below);
	assert_true(mkdir(place, 0700) == 0 || errno == EEXIST);
	assert_int_equal(mount(rig_path(from), place, NULL, MS_BIND, NULL), 0);
	return true;
}

static void take_away(const char *path, const char *below)
{
	char place[1024];
	(void)snprintf(place, sizeof(place), "%s%s", path, below);
	(void)umount2(place, MNT_DETACH);
	(void)snprintf(place, sizeof(place), "%s", path);
	(void)umount2(dirname(place), MNT_DETACH);
}

/* The stage's store where the built-in defaults look for it. */
static bool stage_is_the_machine(void)
{
	static const char *const people[] = {"passwd", "group", "shadow", "nsswitch.conf"};
	if (!put_at(KLING_STATE_DIR, "state", ""))
		return false;
	if (!put_at(KLING_CONF_DIR, "keys", "/keys")) {
		take_away(KLING_STATE_DIR, "");
		return false;
	}
	for (size_t i = 0; i < 4 && strcmp(KLING_CONF_DIR, "/etc/kling") == 0; i++) {
		char path[64];
		(void)snprintf(path, sizeof(path), "/etc/%s", people[i]);
		copy_file(rig_path(people[i]), path);
	}
	return true;
}

static int as(const char *service, const char *user, const char *rhost, const char *code)
{
	struct knowledge knowledge = {.password = RIG_PASSWORD, .code = code};
	rig_log_clear();
	return enter(service, user, rhost, &knowledge, 0);
}

static void make_doors(void)
{
	static const char *const names[] = {"login", "sshd", "su"};
	for (size_t i = 0; i < 3; i++)
		rig_service(names[i], "auth requisite pam_unix.so nodelay\nauth required @\n"
				      "account required @\n");
}

/* A configuration that does not load: root, at a console, with a code. */
static void root_mends_the_configuration(void **state)
{
	(void)state;
	fresh("");
	rig_enroll("root", 2);
	make_doors();
	if (!stage_is_the_machine())
		skip();
	rig_conf("lockout_tries = five\n");
	assert_int_equal(as("login", "root", "", rig_wrong("root")), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=rescue reason=config"), 1);
	assert_int_equal(rig_log_count("event=deny reason=bad-code"), 1);
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_SUCCESS);
	assert_int_equal(rig_log_count("event=accept reason=ok"), 1);
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_AUTH_ERR);
	assert_int_equal(as("login", "root", "", rig_backup(0)), PAM_SUCCESS);
	assert_int_equal(as("login", "root", "192.0.2.1", rig_code("root", 1)), PAM_SYSTEM_ERR);
	assert_int_equal(as("sshd", "root", "192.0.2.1", rig_code("root", 1)), PAM_SYSTEM_ERR);
	assert_int_equal(as("su", "root", NULL, rig_code("root", 1)), PAM_SYSTEM_ERR);
	assert_int_equal(as("login", "alice", "", rig_code("alice", 0)), PAM_SYSTEM_ERR);
	assert_int_equal(rig_log_count("event=deny reason=config"), 1);
	take_away(KLING_CONF_DIR, "/keys");
	take_away(KLING_STATE_DIR, "");
}

static void read_only(bool on)
{
	const char *path = rig_path("state");
	if (on) {
		assert_int_equal(mount(path, path, NULL, MS_BIND, NULL), 0);
		assert_int_equal(mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL),
				 0);
	} else {
		assert_int_equal(umount2(path, 0), 0);
	}
}

/* rescue = console-root: the password alone, at the console, while nothing can be written. */
static void root_mends_the_disk(void **state)
{
	(void)state;
	make_doors();
	for (int allowed = 0; allowed < 2; allowed++) {
		fresh(allowed ? "rescue = console-root\n" : "");
		rig_enroll("root", 0);
		read_only(true);
		int result = as("login", "root", "", rig_code("root", 0));
		assert_int_equal(result, allowed ? PAM_SUCCESS : PAM_AUTH_ERR);
		assert_int_equal(rig_log_count("event=accept reason=rescue"), allowed);
		assert_int_equal(rig_log_count("pam_kling("), 1);
		assert_int_equal(as("sshd", "root", "192.0.2.1", rig_code("root", 0)),
				 PAM_AUTH_ERR);
		assert_int_equal(as("su", "root", NULL, rig_code("root", 0)), PAM_AUTH_ERR);
		assert_int_equal(as("login", "root", "192.0.2.1", rig_code("root", 0)),
				 PAM_AUTH_ERR);
		assert_int_equal(as("login", "alice", "", rig_code("alice", 0)), PAM_AUTH_ERR);
		read_only(false);
		assert_int_equal(as("login", "root", "", rig_wrong("root")), PAM_AUTH_ERR);
		assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_SUCCESS);
		assert_int_equal(rig_log_count("reason=rescue"), 0);
	}
}

/* Only a disk that cannot be written opens that door: nothing damaged or locked does. */
static void other_trouble_rescues_nobody(void **state)
{
	(void)state;
	make_doors();
	fresh("rescue = console-root\n");
	rig_enroll("root", 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(as("login", "root", "", rig_wrong("root")), PAM_AUTH_ERR);
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 1);
	overwrite("state/users/root/state", 100);
	overwrite("state/users/root/state", STATE_SLOT_BYTES + 100);
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_AUTH_ERR);
	assert_int_equal(unlink(rig_path("state/users/root/state")), 0);
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_AUTH_ERR);
	lose_store();
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_SYSTEM_ERR);
	mend();
	lose_keys();
	assert_int_equal(as("login", "root", "", rig_code("root", 0)), PAM_SYSTEM_ERR);
	mend();
}

static void make_counting_doors(void)
{
	static const char *const names[] = {"login", "sshd", "su"};
	for (size_t i = 0; i < 3; i++)
		rig_service(names[i], "auth requisite @ preauth\n"
				      "auth requisite pam_unix.so nodelay\nauth required @\n"
				      "account required @\n");
}

/* The same with preauth in front, which cannot write either. */
static void root_gets_past_preauth(void **state)
{
	(void)state;
	make_counting_doors();
	for (int allowed = 0; allowed < 2; allowed++) {
		fresh(allowed ? "rescue = console-root\n" : "");
		rig_enroll("root", 0);
		read_only(true);
		int result = as("login", "root", "", rig_wrong("root"));
		assert_int_equal(result, allowed ? PAM_SUCCESS : PAM_AUTH_ERR);
		assert_int_equal(rig_log_count("event=pass reason=rescue"), allowed);
		assert_int_equal(rig_log_count("event=accept reason=rescue"), allowed);
		if (!allowed)
			assert_int_equal(rig_log_count("event=deny reason=state-io"), 1);
		static const struct {
			const char *service, *user, *rhost;
		} others[] = {{"sshd", "root", "192.0.2.1"},
			      {"su", "root", NULL},
			      {"login", "root", "192.0.2.1"},
			      {"login", "alice", ""}};
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(as(others[i].service, others[i].user, others[i].rhost,
					    rig_code(others[i].user, 0)),
					 PAM_AUTH_ERR);
			assert_int_equal(rig_log_count("event=deny reason=state-io"), 1);
			assert_int_equal(rig_log_count("reason=rescue"), 0);
		}
		read_only(false);
		assert_int_equal(as("login", "root", "", rig_wrong("root")), PAM_AUTH_ERR);
		assert_int_equal(rig_log_count("reason=rescue"), 0);
	}
	make_doors();
}

struct openings {
	unsigned failed, passed, rescued, nomem;
};

/* Each such call fails on its own, with a wrong code; in is nobody but by rescue, which is logged.
 */
static struct openings fail_each(const char *call, const char *user, int error)
{
	struct openings seen = {0};
	for (long n = 1;; n++) {
		const struct fault fault = {call, n, error, false, false};
		struct knowledge knowledge = {RIG_PASSWORD, rig_wrong(user), &fault};
		fresh("rescue = console-root\n");
		rig_enroll("root", 0);
		int result = enter("login", user, "", &knowledge, 0);
		size_t rescued = rig_log_count("event=accept reason=rescue");
		if ((result == PAM_SUCCESS) != (rescued == 1))
			fail_msg("%s, %s %ld: %d: %s", user, call, n, result, rig_log());
		if (strcmp(fault_struck(0), "none") == 0)
			return seen;
		seen.failed++;
		seen.passed += (unsigned)rig_log_count("event=pass reason=rescue");
		seen.rescued += (unsigned)rescued;
		seen.nomem += (unsigned)rig_log_count("event=deny reason=nomem");
		assert_true(n < 1000);
	}
}

/* A store that cannot be opened is the disk's trouble, in front of the password and behind it. */
static void a_store_that_cannot_be_opened(void **state)
{
	(void)state;
	make_counting_doors();
	struct openings root = fail_each("openat", "root", EIO);
	assert_true(root.passed > 0 && root.rescued > 0);
	struct openings alice = fail_each("openat", "alice", EIO);
	assert_int_equal(alice.passed + alice.rescued + alice.nomem, 0);
	struct openings poor = fail_each("openat", "alice", ENOMEM);
	assert_int_equal(poor.passed + poor.rescued, 0);
	assert_true(poor.nomem > 0);
	printf("%u openings failed\n", root.failed + alice.failed + poor.failed);
}

/* What the caller of a set-user-id program can bring about opens no door. */
static void a_limit_rescues_nobody(void **state)
{
	(void)state;
	static const struct {
		const char *call;
		int error;
	} limits[] = {{"openat", EMFILE}, {"openat", ENFILE}, {"openat", ENOMEM},
		      {"pwrite", EFBIG},  {"pwrite", ENOMEM}, {"fcntl", ENOLCK}};
	make_counting_doors();
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct openings root = fail_each(limits[i].call, "root", limits[i].error);
		assert_true(root.failed > 0);
		assert_int_equal(root.passed + root.rescued, 0);
	}
	make_doors();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_trouble_each_stack_lets_in),
	    cmocka_unit_test(no_trouble_lets_anybody_in),
	    cmocka_unit_test(root_mends_the_configuration),
	    cmocka_unit_test(root_mends_the_disk),
	    cmocka_unit_test(other_trouble_rescues_nobody),
	    cmocka_unit_test(root_gets_past_preauth),
	    cmocka_unit_test(a_store_that_cannot_be_opened),
	    cmocka_unit_test(a_limit_rescues_nobody),
	};
	rig_begin();
	for (size_t i = 0; i < STACKS; i++)
		rig_service(stacks[i].name, stacks[i].text);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
