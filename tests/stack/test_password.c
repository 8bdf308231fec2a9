/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Password changes with pam_unix behind the module, on an /etc of the stage's own: PAM-22, INP-13,
 * INP-14, SEC-06.
 */
#include "tests/stack/rig.h"

#include <crypt.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define GOOD   "Quiet-Heron-42"
#define BETTER "Brisk+Mouse=97"
#define THIRD  "Tall.Pylon.68x"

#define UNIX "password required pam_unix.so use_authtok sha512 rounds=1000\n"

enum { ALICE = 1001 };

static void copy(const char *name)
{
	char to[64], text[8192] = "";
	FILE *from = fopen(rig_path(name), "r");
	assert_non_null(from);
	size_t length = fread(text, 1, sizeof(text) - 1, from);
	(void)fclose(from);
	(void)snprintf(to, sizeof(to), "etc/%s", name);
	FILE *file = fopen(rig_path(to), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fchmod(fileno(file), strcmp(name, "shadow") == 0 ? 0600 : 0644), 0);
	assert_int_equal(fclose(file), 0);
}

static void copy_all(void)
{
	copy("passwd");
	copy("group");
	copy("shadow");
	copy("nsswitch.conf");
}

/* pam_unix renames a new file over /etc/shadow: no single file can be covered for that. */
static int private_etc(void **state)
{
	(void)state;
	assert_int_equal(mkdir(rig_path("etc"), 0755), 0);
	copy_all();
	return mount(rig_path("etc"), "/etc", NULL, MS_BIND, NULL);
}

static int public_etc(void **state)
{
	(void)state;
	return umount2("/etc", MNT_DETACH);
}

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_store();
	copy_all();
	rig_service("passwd", "password requisite @\n" UNIX);
	rig_log_clear();
}

static const char *hash_of(const char *user)
{
	static char text[8192], hash[512];
	FILE *file = fopen("/etc/shadow", "r");
	char *line = text;
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	(void)fclose(file);
	while (strncmp(line, user, strlen(user)) != 0 || line[strlen(user)] != ':') {
		line = strchr(line, '\n');
		assert_non_null(line);
		line++;
	}
	line += strlen(user) + 1;
	(void)snprintf(hash, sizeof(hash), "%.*s", (int)strcspn(line, ":"), line);
	return hash;
}

static bool is_password(const char *user, const char *password)
{
	const char *hash = hash_of(user);
	const char *made = crypt(password, hash);
	return made != NULL && strcmp(made, hash) == 0;
}

/* As the setuid program runs: somebody's real uid, root's effective one. */
static int change_on(pam_handle_t *pamh, uid_t caller, int flags)
{
	assert_int_equal(setresuid(caller, 0, 0), 0);
	int result = pam_chauthtok(pamh, flags);
	assert_int_equal(setresuid(0, 0, 0), 0);
	return result;
}

static int change(uid_t caller, struct talk *talk)
{
	pam_handle_t *pamh = rig_start("passwd", "alice", NULL, talk);
	int result = change_on(pamh, caller, 0);
	rig_stop(pamh, result);
	return result;
}

/* How often the module spoke of a password; pam_unix has things of its own to say. */
static size_t told(const struct talk *talk)
{
	size_t count = 0;
	for (const char *at = talk->told_text; (at = strstr(at, "assword")) != NULL; at++)
		count += strncmp(at, "assword is refused.", 19) == 0 ||
			 strncmp(at, "asswords are not the same", 25) == 0 ||
			 strncmp(at, "assword would be refused", 24) == 0;
	return count;
}

static void log_is_clean(void)
{
	static const char *const secrets[] = {GOOD, BETTER, THIRD, RIG_PASSWORD, "Heron"};
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		assert_null(strstr(rig_log(), secrets[i]));
}

static void an_accepted_one_is_stored(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD, GOOD, GOOD}, .count = 3};
	fresh("second_factor = off\n");
	assert_int_equal(change(ALICE, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 3);
	assert_int_equal(told(&talk), 0);
	assert_string_equal(talk.prompts[1], "New password: ");
	assert_string_equal(talk.prompts[2], "Retype new password: ");
	assert_int_equal(talk.styles[1], PAM_PROMPT_ECHO_OFF);
	assert_true(is_password("alice", GOOD));
	assert_int_equal(rig_log_count("event=password reason=ok user=\"alice\""), 1);
	log_is_clean();
}

static void all_unmet_rules_at_once(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD, "alice", GOOD, GOOD}, .count = 4};
	fresh("second_factor = off\n");
	assert_int_equal(change(ALICE, &talk), PAM_SUCCESS);
	assert_int_equal(told(&talk), 1);
	assert_non_null(strstr(talk.told_text, "at least 12 characters (this has 5)"));
	assert_non_null(strstr(talk.told_text, "upper-case"));
	assert_non_null(strstr(talk.told_text, "digit"));
	assert_non_null(strstr(talk.told_text, "special"));
	assert_non_null(strstr(talk.told_text, "user name"));
	assert_non_null(strstr(talk.told_text, "full name"));
	assert_non_null(strstr(talk.told_text, "old password"));
	assert_true(is_password("alice", GOOD));
	assert_int_equal(rig_log_count("event=refuse reason=password-rules"), 1);
	assert_int_equal(
	    rig_log_count(
		"unmet=\"length,upper,digit,special,changed,repetition,user-name,full-name\"") +
		rig_log_count("unmet=\"length,upper,digit,special,changed,user-name,full-name\""),
	    1);
	log_is_clean();
}

/* Whatever pam_unix would take, and whether or not the line is requisite. */
static void a_refused_one_is_never_stored(void **state)
{
	(void)state;
	static const char *const stacks[] = {"password requisite @\n" UNIX,
					     "password required @\n" UNIX,
					     "password optional @\n" UNIX,
					     "password required @\npassword required pam_unix.so "
					     "try_first_pass sha512 rounds=1000\n"};
	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		struct talk talk = {.answers = {RIG_PASSWORD, "heron", "Quiet-Heron",
						"P@ssw0rd2026!", "never asked"},
				    .count = 4};
		fresh("second_factor = off\n");
		rig_service("passwd", stacks[i]);
		assert_int_not_equal(change(ALICE, &talk), PAM_SUCCESS);
		assert_int_equal(told(&talk), 3);
		assert_true(is_password("alice", RIG_PASSWORD));
		assert_int_equal(rig_log_count("event=deny reason=password-rules"), 1);
		log_is_clean();
	}
}

static void as_many_tries_as_configured(void **state)
{
	(void)state;
	for (size_t tries = 1; tries <= 5; tries += 2) {
		char conf[64];
		struct talk talk = {.answers = {RIG_PASSWORD, "heron", "heron", "heron", "heron",
						"heron", "heron", "heron"},
				    .count = 8};
		(void)snprintf(conf, sizeof(conf), "second_factor = off\npassword_retries = %zu\n",
			       tries);
		fresh(conf);
		assert_int_equal(change(ALICE, &talk), PAM_AUTHTOK_ERR);
		assert_int_equal(talk.asked, 1 + tries);
		assert_int_equal(told(&talk), tries);
	}
}

static void typed_twice_the_same(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD, GOOD, BETTER, THIRD, THIRD}, .count = 5};
	fresh("second_factor = off\n");
	assert_int_equal(change(ALICE, &talk), PAM_SUCCESS);
	assert_int_equal(told(&talk), 1);
	assert_true(is_password("alice", THIRD));
}

static void no_answer_changes_nothing(void **state)
{
	(void)state;
	static const char *const answers[][3] = {
	    {RIG_PASSWORD, NULL, NULL}, {RIG_PASSWORD, "", NULL}, {RIG_PASSWORD, GOOD, NULL}};
	for (size_t i = 0; i < 3; i++) {
		struct talk talk = {.answers = {answers[i][0], answers[i][1], answers[i][2]},
				    .count = 3};
		fresh("second_factor = off\n");
		assert_int_equal(change(ALICE, &talk), PAM_AUTHTOK_ERR);
		assert_true(is_password("alice", RIG_PASSWORD));
		assert_int_equal(rig_log_count("reason=no-answer"), 1);
	}
	struct talk broken = {.fail = PAM_CONV_ERR};
	fresh("second_factor = off\n");
	rig_service("passwd", "password requisite @\n");
	assert_int_equal(change(ALICE, &broken), PAM_CONV_ERR);
}

/* Another module in front has asked: here Kling itself, with rules of its own. */
static void behind_another_module(void **state)
{
	(void)state;
	static const char stack[] =
	    "password requisite @ password_min_length=4 password_min_upper=0 "
	    "password_min_digit=0 password_min_special=0\n"
	    "password requisite @ %s\n" UNIX;
	static const struct {
		const char *word;
		const char *first;
		size_t asked;
		int result;
	} cases[] = {{"use_authtok", GOOD, 3, PAM_SUCCESS},
		     {"try_first_pass", GOOD, 3, PAM_SUCCESS},
		     {"", GOOD, 3, PAM_SUCCESS},
		     {"use_authtok", "quiet-heron", 3, PAM_AUTHTOK_ERR},
		     {"try_first_pass", "quiet-heron", 5, PAM_SUCCESS},
		     {"", "quiet-heron", 5, PAM_SUCCESS}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1024];
		struct talk talk = {
		    .answers = {RIG_PASSWORD, cases[i].first, cases[i].first, BETTER, BETTER},
		    .count = 5};
		fresh("second_factor = off\n");
		(void)snprintf(text, sizeof(text), stack, cases[i].word);
		rig_service("passwd", text);
		assert_int_equal(change(ALICE, &talk), cases[i].result);
		assert_int_equal(talk.asked, cases[i].asked);
		assert_int_equal(told(&talk), cases[i].first[0] == 'q' ? 1 : 0);
		if (cases[i].result == PAM_SUCCESS)
			assert_true(is_password("alice", cases[i].asked == 3 ? GOOD : BETTER));
		else
			assert_true(is_password("alice", RIG_PASSWORD));
	}
}

/* What the one in front accepted is taken away, so that `required` lines behind cannot store it. */
static void a_refusal_leaves_nothing_behind(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD, "quiet-heron", "quiet-heron"}, .count = 3};
	fresh("second_factor = off\n");
	rig_service("passwd", "password required @ password_min_length=4 password_min_upper=0 "
			      "password_min_digit=0 password_min_special=0\n"
			      "password required @ use_authtok\n" UNIX);
	assert_int_not_equal(change(ALICE, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 3);
	assert_true(is_password("alice", RIG_PASSWORD));
}

static void use_authtok_never_asks(void **state)
{
	(void)state;
	struct talk talk = {.answers = {GOOD, GOOD}, .count = 2};
	fresh("second_factor = off\n");
	rig_service("passwd", "password requisite @ use_authtok\n");
	assert_int_equal(change(ALICE, &talk), PAM_AUTHTOK_ERR);
	assert_int_equal(talk.asked, 0);
}

/* The code once, in the first round, before anything else is asked. */
static void the_code_guards_the_change(void **state)
{
	(void)state;
	fresh("");
	rig_enroll("alice", 2);
	struct talk wrong = {.answers = {rig_wrong("alice"), RIG_PASSWORD, GOOD, GOOD}, .count = 4};
	assert_int_equal(change(ALICE, &wrong), PAM_AUTH_ERR);
	assert_int_equal(wrong.asked, 1);
	assert_true(is_password("alice", RIG_PASSWORD));
	assert_int_equal(rig_log_count("event=deny reason=bad-code"), 1);
}

static void the_code_is_asked_once(void **state)
{
	(void)state;
	fresh("");
	rig_enroll("alice", 2);
	struct talk right = {.answers = {rig_code("alice", 0), RIG_PASSWORD, GOOD, GOOD},
			     .count = 4};
	assert_int_equal(change(ALICE, &right), PAM_SUCCESS);
	assert_string_equal(right.prompts[0], "Verification code: ");
	assert_string_equal(right.prompts[2], "New password: ");
	assert_int_equal(right.asked, 4);
	assert_true(is_password("alice", GOOD));
	struct talk again = {.answers = {rig_code("alice", 0), GOOD, BETTER, BETTER}, .count = 4};
	assert_int_equal(change(ALICE, &again), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=replay"), 1);
}

/* Typed together, as prompt_style = combined has it: no part of it becomes the new password. */
static void a_combined_answer_is_no_new_password(void **state)
{
	(void)state;
	char both[64];
	fresh("prompt_style = combined\n");
	rig_enroll("alice", 0);
	(void)snprintf(both, sizeof(both), "%s%s", GOOD, rig_code("alice", 0));
	struct talk talk = {.answers = {both, RIG_PASSWORD, BETTER, BETTER}, .count = 4};
	assert_int_equal(change(ALICE, &talk), PAM_SUCCESS);
	assert_true(is_password("alice", BETTER));
}

static void root_is_asked_for_no_code(void **state)
{
	(void)state;
	fresh("");
	rig_enroll("alice", 2);
	struct talk talk = {.answers = {"heron", GOOD, GOOD}, .count = 3};
	assert_int_equal(change(0, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 3);
	assert_int_equal(told(&talk), 1);
	assert_true(is_password("alice", GOOD));
}

static void root_may_be_let_off(void **state)
{
	(void)state;
	fresh("password_enforce_root = no\n");
	struct talk talk = {.answers = {"heron", "heron"}, .count = 2};
	assert_int_equal(change(0, &talk), PAM_SUCCESS);
	assert_int_equal(told(&talk), 1);
	assert_non_null(strstr(talk.told_text, "anybody but root"));
	assert_true(is_password("alice", "heron"));
	assert_int_equal(rig_log_count("event=waive reason=password-rules"), 1);
	/* The same root, but it is alice's own expired password: sshd and login ask as root. */
	fresh("password_enforce_root = no\nsecond_factor = off\n");
	struct talk expired = {.answers = {RIG_PASSWORD, "heron", "heron", "heron"}, .count = 4};
	pam_handle_t *pamh = rig_start("passwd", "alice", NULL, &expired);
	assert_int_equal(change_on(pamh, 0, PAM_CHANGE_EXPIRED_AUTHTOK), PAM_AUTHTOK_ERR);
	rig_stop(pamh, PAM_AUTHTOK_ERR);
	assert_true(is_password("alice", RIG_PASSWORD));
}

/* An expired password inside ssh: the code was accepted on this handle a moment ago. */
static void no_second_code_on_one_handle(void **state)
{
	(void)state;
	fresh("");
	rig_enroll("alice", 2);
	rig_service("sshd", "auth required @\naccount required @\npassword requisite @\n" UNIX);
	struct talk talk = {.answers = {rig_code("alice", 0), RIG_PASSWORD, "heron", GOOD, GOOD},
			    .count = 5};
	pam_handle_t *pamh = rig_start("sshd", "alice", "192.0.2.1", &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
	assert_int_equal(change_on(pamh, 0, PAM_CHANGE_EXPIRED_AUTHTOK), PAM_SUCCESS);
	rig_stop(pamh, PAM_SUCCESS);
	assert_int_equal(talk.asked, 5);
	assert_true(is_password("alice", GOOD));
}

static void former_ones_stay_former(void **state)
{
	(void)state;
	static const char *const order[] = {RIG_PASSWORD, GOOD, BETTER, THIRD};
	fresh("second_factor = off\npassword_history = 2\npassword_min_changed = 0\n");
	for (size_t i = 1; i < 4; i++) {
		struct talk talk = {.answers = {order[i - 1], order[i], order[i]}, .count = 3};
		rig_clock_step(86400);
		assert_int_equal(change(ALICE, &talk), PAM_SUCCESS);
	}
	/* Two are remembered, and the present one counts anyway; the oldest may come back. */
	struct talk former = {.answers = {THIRD, GOOD, BETTER, THIRD}, .count = 4};
	assert_int_equal(change(ALICE, &former), PAM_AUTHTOK_ERR);
	assert_int_equal(told(&former), 3);
	assert_int_equal(rig_log_count("unmet=\"former\""), 2);
	assert_int_equal(rig_log_count("unmet=\"same,former\""), 1);
	assert_true(is_password("alice", THIRD));
	struct talk oldest = {.answers = {THIRD, RIG_PASSWORD, RIG_PASSWORD}, .count = 3};
	assert_int_equal(change(ALICE, &oldest), PAM_SUCCESS);
	log_is_clean();
}

/* Set by root where the rules do not bind root, a password is remembered all the same. */
static void no_history_without_number(void **state)
{
	(void)state;
	static const char *const order[] = {GOOD, BETTER, GOOD};
	fresh("second_factor = off\npassword_history = 0\npassword_min_changed = 0\n");
	uint64_t before = rig_fingerprint();
	for (size_t i = 0; i < 3; i++) {
		struct talk talk = {.answers = {order[i], order[i]}, .count = 2};
		assert_int_equal(change(0, &talk), PAM_SUCCESS);
	}
	assert_true(rig_fingerprint() == before);
	fresh("second_factor = off\npassword_enforce_root = no\n");
	for (size_t i = 0; i < 2; i++) {
		struct talk talk = {.answers = {order[i], order[i]}, .count = 2};
		assert_int_equal(change(0, &talk), PAM_SUCCESS);
	}
	struct talk talk = {.answers = {BETTER, GOOD, GOOD, GOOD}, .count = 4};
	assert_int_equal(change(ALICE, &talk), PAM_AUTHTOK_ERR);
	assert_int_equal(rig_log_count("unmet=\"former\""), 3);
}

static void a_list_that_fails_lets_nothing_through(void **state)
{
	(void)state;
	char conf[256];
	(void)snprintf(conf, sizeof(conf), "second_factor = off\npassword_blocklist = %s\n",
		       rig_path("etc/words"));
	fresh(conf);
	struct talk missing = {.answers = {RIG_PASSWORD, GOOD, GOOD}, .count = 3};
	assert_int_equal(change(ALICE, &missing), PAM_SYSTEM_ERR);
	assert_non_null(strstr(missing.told_text, "cannot be read"));
	assert_int_equal(rig_log_count("event=deny reason=blocklist"), 1);
	FILE *file = fopen(rig_path("etc/words"), "w");
	assert_non_null(file);
	assert_true(fputs("quiet-heron-42\n", file) >= 0 && fclose(file) == 0);
	assert_int_equal(chmod(rig_path("etc/words"), 0644), 0);
	struct talk listed = {.answers = {RIG_PASSWORD, GOOD, BETTER, BETTER}, .count = 4};
	assert_int_equal(change(ALICE, &listed), PAM_SUCCESS);
	assert_int_equal(rig_log_count("unmet=\"listed\""), 1);
	assert_true(is_password("alice", BETTER));
	assert_int_equal(remove(rig_path("etc/words")), 0);
}

static void a_broken_configuration_refuses(void **state)
{
	(void)state;
	fresh("password_min_length = twelve\n");
	struct talk talk = {.answers = {RIG_PASSWORD, GOOD, GOOD}, .count = 3};
	assert_int_equal(change(ALICE, &talk), PAM_SYSTEM_ERR);
	assert_int_equal(change(0, &talk), PAM_SYSTEM_ERR);
	assert_int_equal(talk.asked, 0);
	assert_true(is_password("alice", RIG_PASSWORD));
	assert_int_equal(rig_log_count("reason=config"), 2);
}

static void a_lost_store_refuses(void **state)
{
	(void)state;
	fresh("second_factor = off\n");
	assert_int_equal(rename(rig_path("keys"), rig_path("keys-away")), 0);
	struct talk talk = {.answers = {RIG_PASSWORD, GOOD, GOOD}, .count = 3};
	assert_int_equal(change(ALICE, &talk), PAM_AUTHTOK_ERR);
	assert_true(is_password("alice", RIG_PASSWORD));
	assert_int_equal(rig_log_count("event=deny reason=key-missing"), 1);
	/* Neither key nor store is another thing: not initialised, so there is no history to keep.
	 */
	assert_int_equal(rename(rig_path("state"), rig_path("state-away")), 0);
	struct talk none = {.answers = {RIG_PASSWORD, GOOD, GOOD}, .count = 3};
	assert_int_equal(change(ALICE, &none), PAM_SUCCESS);
	assert_int_equal(rig_log_count("event=password reason=not-initialised"), 1);
	assert_int_equal(rename(rig_path("keys-away"), rig_path("keys")), 0);
	assert_int_equal(rename(rig_path("state-away"), rig_path("state")), 0);
}

/* What may have been his before is not known: nothing is changed, and the log says why. */
static void a_damaged_state_refuses(void **state)
{
	(void)state;
	fresh("second_factor = off\n");
	rig_enroll("alice", 0);
	assert_int_equal(truncate(rig_path("state/users/alice/state"), 1), 0);
	struct talk talk = {.answers = {RIG_PASSWORD, GOOD, GOOD}, .count = 3};
	assert_int_equal(change(ALICE, &talk), PAM_AUTHTOK_ERR);
	assert_true(is_password("alice", RIG_PASSWORD));
	assert_int_equal(rig_log_count("event=deny reason=state-corrupt"), 1);
}

/* Neither compared nor remembered, and no reason to keep it. */
static void a_hash_of_no_known_form(void **state)
{
	(void)state;
	char text[8192] = "";
	fresh("second_factor = off\n");
	FILE *file = fopen("/etc/shadow", "r+");
	assert_non_null(file);
	size_t length = fread(text, 1, sizeof(text) - 1, file);
	char *hash = strstr(text, "\nalice:$");
	assert_non_null(hash);
	memcpy(hash + strlen("\nalice:"), "x*", 2);
	rewind(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	struct talk talk = {.answers = {GOOD, GOOD}, .count = 2};
	assert_int_equal(change(0, &talk), PAM_SUCCESS);
	assert_true(is_password("alice", GOOD));
	assert_int_equal(rig_log_count("event=password reason=ok"), 1);
}

/* INP-13 */
static void counts_characters_in_any_script(void **state)
{
	(void)state;
	static const struct {
		const char *candidate;
		bool fine;
	} cases[] = {
	    {"\xd0\x96\xd1\x83\xd0\xba-\xd0\xb8\xd0\xb9\xd0\xbb\xd0\xb5\xd1\x81\xd0\xbe-7", true},
	    {"\xd0\x96\xd1\x83\xd0\xba-\xd0\xb8\xd0\xb9\xd0\xbb\xd0\xb5\xd1\x81-7", false},
	    {"Quiet-Heron-42\xff", false},
	    {"Quiet\tHeron-42", false},
	    {"BriskHawk97\xf0\x9f\xa6\x85", true}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talk talk = {.answers = {cases[i].candidate, cases[i].candidate},
				    .count = 2};
		fresh("second_factor = off\npassword_retries = 1\n");
		assert_int_equal(change(0, &talk), cases[i].fine ? PAM_SUCCESS : PAM_AUTHTOK_ERR);
		assert_int_equal(is_password("alice", cases[i].candidate), cases[i].fine);
	}
}

static void as_long_as_can_be_stored(void **state)
{
	(void)state;
	char longest[513];
	fresh("second_factor = off\n");
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = (char)('!' + (i * i + i / 7) % 90);
	longest[511] = '\0';
	struct talk fine = {.answers = {longest, longest}, .count = 2};
	assert_int_equal(change(0, &fine), PAM_SUCCESS);
	assert_true(is_password("alice", longest));
	longest[511] = 'x';
	longest[512] = '\0';
	struct talk over = {.answers = {longest, longest, longest}, .count = 3};
	assert_int_equal(change(0, &over), PAM_AUTHTOK_ERR);
	assert_int_equal(rig_log_count("unmet=\"too-long\""), 3);
}

static void quiet_hosts_still_explain(void **state)
{
	(void)state;
	struct talk talk = {.answers = {RIG_PASSWORD, "heron", GOOD, GOOD}, .count = 4};
	fresh("second_factor = off\n");
	pam_handle_t *pamh = rig_start("passwd", "alice", NULL, &talk);
	assert_int_equal(change_on(pamh, ALICE, PAM_SILENT), PAM_SUCCESS);
	rig_stop(pamh, PAM_SUCCESS);
	assert_int_equal(told(&talk), 1);
}

/* Where nobody is asked again, a silent host is told nothing; the log has it all the same. */
static void a_silent_host_that_cannot_ask(void **state)
{
	(void)state;
	for (int silent = 0; silent < 2; silent++) {
		struct talk talk = {.answers = {RIG_PASSWORD, "quiet-heron", "quiet-heron"},
				    .count = 3};
		fresh("second_factor = off\n");
		rig_service("passwd", "password requisite @ password_min_length=4 "
				      "password_min_upper=0 password_min_digit=0 "
				      "password_min_special=0\n"
				      "password requisite @ use_authtok\n" UNIX);
		pam_handle_t *pamh = rig_start("passwd", "alice", NULL, &talk);
		assert_int_equal(change_on(pamh, ALICE, silent ? PAM_SILENT : 0), PAM_AUTHTOK_ERR);
		rig_stop(pamh, PAM_AUTHTOK_ERR);
		assert_int_equal(told(&talk), !silent);
		assert_int_equal(rig_log_count("event=refuse"), 1);
		assert_true(is_password("alice", RIG_PASSWORD));
	}
}

/* libpam never does that; another host of modules may. */
static void neither_check_nor_update(void **state)
{
	(void)state;
	int (*entry)(pam_handle_t *, int, int, const char **) = NULL;
	struct talk talk = {.count = 0};
	fresh("second_factor = off\n");
	void *module = dlopen(getenv("KLING_MODULE"), RTLD_NOW);
	assert_non_null(module);
	*(void **)&entry = dlsym(module, "pam_sm_chauthtok");
	assert_non_null(entry);
	pam_handle_t *pamh = rig_start("passwd", "alice", NULL, &talk);
	assert_int_equal(entry(pamh, 0, 0, NULL), PAM_SYSTEM_ERR);
	assert_int_equal(entry(pamh, PAM_SILENT, 0, NULL), PAM_SYSTEM_ERR);
	assert_int_equal(talk.asked + talk.told, 0);
	assert_string_equal(rig_log(), "");
	rig_stop(pamh, PAM_SYSTEM_ERR);
	assert_int_equal(dlclose(module), 0);
}

/* root, who is asked for nothing else, and names that are nobody's. */
static void a_password_for_nobody(void **state)
{
	(void)state;
	static const struct {
		const char *user, *reason;
	} cases[] = {{"mallory", "event=deny reason=unknown"},
		     {"../alice", "event=deny reason=bad-name"}};
	for (size_t i = 0; i < 2; i++) {
		struct talk talk = {.answers = {GOOD, GOOD}, .count = 2};
		fresh("");
		rig_service("alone", "password required @\n");
		uint64_t before = rig_fingerprint();
		pam_handle_t *pamh = rig_start("alone", cases[i].user, NULL, &talk);
		assert_int_equal(change_on(pamh, 0, 0), PAM_AUTHTOK_ERR);
		rig_stop(pamh, PAM_AUTHTOK_ERR);
		assert_int_equal(talk.asked, 0);
		assert_int_equal(rig_log_count(cases[i].reason), 1);
		assert_true(rig_fingerprint() == before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_accepted_one_is_stored),
	    cmocka_unit_test(all_unmet_rules_at_once),
	    cmocka_unit_test(a_refused_one_is_never_stored),
	    cmocka_unit_test(as_many_tries_as_configured),
	    cmocka_unit_test(typed_twice_the_same),
	    cmocka_unit_test(no_answer_changes_nothing),
	    cmocka_unit_test(behind_another_module),
	    cmocka_unit_test(a_refusal_leaves_nothing_behind),
	    cmocka_unit_test(use_authtok_never_asks),
	    cmocka_unit_test(the_code_guards_the_change),
	    cmocka_unit_test(the_code_is_asked_once),
	    cmocka_unit_test(a_combined_answer_is_no_new_password),
	    cmocka_unit_test(root_is_asked_for_no_code),
	    cmocka_unit_test(root_may_be_let_off),
	    cmocka_unit_test(no_second_code_on_one_handle),
	    cmocka_unit_test(former_ones_stay_former),
	    cmocka_unit_test(no_history_without_number),
	    cmocka_unit_test(a_list_that_fails_lets_nothing_through),
	    cmocka_unit_test(a_broken_configuration_refuses),
	    cmocka_unit_test(a_lost_store_refuses),
	    cmocka_unit_test(a_damaged_state_refuses),
	    cmocka_unit_test(a_hash_of_no_known_form),
	    cmocka_unit_test(counts_characters_in_any_script),
	    cmocka_unit_test(as_long_as_can_be_stored),
	    cmocka_unit_test(quiet_hosts_still_explain),
	    cmocka_unit_test(a_silent_host_that_cannot_ask),
	    cmocka_unit_test(neither_check_nor_update),
	    cmocka_unit_test(a_password_for_nobody),
	};
	rig_begin();
	int failed = cmocka_run_group_tests(tests, private_etc, public_etc);
	rig_end();
	return failed;
}
