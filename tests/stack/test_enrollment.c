/* SPDX-License-Identifier: BSD-3-Clause */
/* Setting up the second factor inside a login: ENR-16, ENR-17. */
#include "lib/factor/totp.h"
#include "lib/show/base32.h"
#include "tests/stack/rig.h"

#include <dlfcn.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START = 1795262410, DAY = 86400, OFFER = 1, CODE = 2, STORED = 3 };

static const char stack[] = "auth requisite pam_unix.so nodelay\n"
			    "auth required @\n"
			    "account required @\n"
			    "session optional @\n";

static const struct login ssh = {
    .service = "sshd", .user = "alice", .rhost = "192.0.2.1", .account = true, .session = true};

/* What somebody at the terminal does: the answers after the password. */
struct scene {
	const char *offer;
	size_t wrong_codes; /* typed before the right one */
	const char *stored;
	void (*at_last)(void); /* while the last question is open */
	uint64_t fingerprint;  /* of the store at the last question */
	char code[9];
	struct token token;
};

static bool library_is_missing;

/* The module asks the program first for what it calls. */
__attribute__((visibility("default"))) void *dlopen(const char *name, int flags)
{
	static void *(*next)(const char *, int);
	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "dlopen");
	if (library_is_missing && name != NULL && strstr(name, "qrencode") != NULL)
		return NULL;
	return next(name, flags);
}

static void fresh(const char *conf)
{
	library_is_missing = false;
	assert_int_equal(sethostname("web1", 4), 0);
	rig_clock_set(START, 5000);
	rig_conf(conf);
	rig_service("sshd", stack);
	rig_service("login", stack);
	rig_service("su", stack);
	rig_store();
	rig_log_clear();
}

/* The token as it stands on the screen: what is typed into the app by hand. */
static void read_token(const char *screen, struct token *token)
{
	char symbols[128] = "";
	size_t length = 0;
	const char *key = strstr(screen, "Key: ");
	*token = (struct token){.algorithm = TOKEN_SHA1, .digits = 6, .period = 30};
	if (key != NULL)
		key += strlen("Key: ");
	else if ((key = strstr(screen, "on your phone:\n")) != NULL)
		key += strlen("on your phone:\n");
	assert_non_null(key);
	(void)snprintf(symbols, sizeof(symbols), "%.*s", (int)strcspn(key, "\n"), key);
	assert_int_equal(
	    base32_parse(symbols, strlen(symbols), token->secret, sizeof(token->secret), &length),
	    ST_OK);
	assert_int_equal(length, 20);
	token->secret_length = (uint8_t)length;
}

static const char *code_of(const struct token *token, int steps)
{
	static char codes[4][9];
	static unsigned turn;
	char *code = codes[++turn % 4];
	uint64_t step = (uint64_t)((int64_t)totp_step(token, rig_clock_now()) + steps);
	assert_int_equal(totp_code(token, step, code), ST_OK);
	return code;
}

/* Plays the scene, whatever is asked: told apart by the words of the questions. */
static void play(struct talk *talk, const char *prompt)
{
	struct scene *scene = talk->context;
	const char *answer = RIG_PASSWORD;
	if (strstr(prompt, "Set it up now") != NULL) {
		answer = scene->offer;
	} else if (strstr(prompt, "Code that the app shows") != NULL) {
		read_token(talk->screen, &scene->token);
		(void)snprintf(scene->code, sizeof(scene->code), "%s", code_of(&scene->token, 0));
		answer = scene->wrong_codes > 0 ? code_of(&scene->token, 5) : scene->code;
		scene->wrong_codes -= scene->wrong_codes > 0;
	} else if (strstr(prompt, "when you have stored them") != NULL) {
		if (scene->at_last != NULL)
			scene->at_last();
		scene->fingerprint = rig_fingerprint();
		answer = scene->stored;
	}
	talk->answers[talk->asked] = answer;
	talk->count = talk->asked + 1;
}

static int enroll_at(const struct login *login, struct scene *scene, struct talk *talk)
{
	static char screens[4][RIG_SCREEN];
	static unsigned turn;
	talk->screen = screens[turn++ % 4];
	talk->screen[0] = '\0';
	talk->play = play;
	talk->context = scene;
	return rig_login(login, talk);
}

static struct scene willing(void)
{
	return (struct scene){.offer = "yes", .stored = "yes"};
}

static bool is_enrolled(const char *user)
{
	AUTO_STORE store = STORE_CLOSED;
	const struct who who = {user, 1001, true};
	bool enrolled = false;
	rig_open(&store);
	assert_int_equal(account_is_enrolled(&store, &who, &enrolled), ST_OK);
	return enrolled;
}

static int log_in_with(const char *code, struct talk *talk)
{
	*talk = (struct talk){.answers = {RIG_PASSWORD, code}, .count = 2};
	return rig_login(&ssh, talk);
}

static void from_the_offer_to_the_next_login(void **state)
{
	(void)state;
	struct talk talk = {0}, next;
	struct scene scene = willing();
	fresh("");
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 4);
	assert_int_equal(talk.batches_wrong, 0);
	for (size_t i = OFFER; i <= STORED; i++)
		assert_int_equal(talk.styles[i], PAM_PROMPT_ECHO_ON);
	assert_string_equal(talk.prompts[OFFER],
			    "\nYour account needs a second factor by Sat 28 Nov 2026, 7 days "
			    "left.\nSet it up now with an app on your phone? (yes, or Enter to do "
			    "it later): ");
	assert_non_null(strstr(talk.screen, "The next login asks for a code."));
	assert_int_equal(rig_log_count("event=enroll reason=ok user=\"alice\" uid=1001 "
				       "service=sshd rhost=192.0.2.1"),
			 1);
	assert_true(is_enrolled("alice"));
	printf("%s%s%s\n%s\n", talk.prompts[OFFER], "yes\n", talk.screen, talk.prompts[STORED]);

	rig_log_clear();
	assert_int_equal(log_in_with(scene.code, &next), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=replay"), 1);
	rig_clock_step(3600);
	assert_int_equal(log_in_with(code_of(&scene.token, 0), &next), PAM_SUCCESS);
	assert_string_equal(next.told_text,
			    "Your second factor was set up on Sat 21 Nov 2026 12:00 UTC from "
			    "192.0.2.1 (sshd). If that was not you, tell your administrator.\n"
			    "1 failed attempt since your last login, last from 192.0.2.1 on "
			    "Sat 21 Nov 2026 12:00 UTC\n");
	rig_clock_step(3600);
	assert_int_equal(log_in_with(code_of(&scene.token, 0), &next), PAM_SUCCESS);
	assert_string_equal(
	    next.told_text,
	    "Last login with a code: Sat 21 Nov 2026 13:00 UTC from 192.0.2.1 (sshd)\n");
}

/* The third of the codes on the screen, before or behind the right one of its line. */
static void the_backup_codes_work(void **state)
{
	(void)state;
	struct talk talk = {0}, next;
	struct scene scene = willing();
	char code[20] = "";
	fresh("");
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	for (unsigned i = 1; i <= 10; i++) {
		char label[8];
		(void)snprintf(label, sizeof(label), "  %2u  ", i);
		const char *found = strstr(talk.screen, label);
		assert_non_null(found);
		(void)snprintf(code, sizeof(code), "%.19s", found + strlen(label));
		assert_int_equal(log_in_with(code, &next), PAM_SUCCESS);
	}
	assert_non_null(strstr(next.told_text, "0 backup codes left."));
	assert_int_equal(log_in_with(code, &next), PAM_AUTH_ERR);
}

/* A decoder of its own reads the picture off the screen. */
static void the_picture_is_the_uri(void **state)
{
	(void)state;
	char command[1024], seen[512] = "";
	struct talk talk = {0};
	struct scene scene = willing();
	if (system("zbarimg --version >/dev/null 2>&1 && python3 -c '' 2>/dev/null") != 0)
		skip();
	fresh("");
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	FILE *screen = fopen(rig_path("screen"), "w");
	assert_non_null(screen);
	assert_true(fputs(talk.screen, screen) >= 0);
	assert_int_equal(fclose(screen), 0);
	(void)snprintf(command, sizeof(command),
		       "PYTHONPATH='%s/tests/hosts' python3 -B -c 'import sys; from harness import "
		       "qr; sys.stdin.reconfigure(encoding=\"utf-8\"); "
		       "print(qr.read(sys.stdin.read()))' <%s",
		       getenv("abs_top_srcdir"), rig_path("screen"));
	FILE *decoder = popen(command, "r");
	assert_non_null(decoder);
	assert_non_null(fgets(seen, sizeof(seen), decoder));
	assert_int_equal(pclose(decoder), 0);
	seen[strcspn(seen, "\n")] = '\0';
	assert_non_null(strstr(seen, "otpauth://totp/web1:alice@web1?secret="));
	assert_non_null(strstr(seen, "&issuer=web1"));
	assert_non_null(strstr(talk.screen, seen));
}

static size_t picture_rows(const char *screen)
{
	size_t rows = 0;
	for (const char *line = screen; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		rows += memmem(line, length, "\u2588", 3) != NULL ||
			memmem(line, length, "\u2580", 3) != NULL ||
			memmem(line, length, "\u2584", 3) != NULL;
		line += length + (line[length] == '\n');
	}
	return rows;
}

static void what_every_terminal_can_show(void **state)
{
	(void)state;
	struct talk talk = {0};
	struct scene scene = willing();
	fresh("");
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	assert_int_equal(talk.screen[0], '\n');
	assert_in_range(picture_rows(talk.screen), 15, 30);
	for (const char *c = talk.screen; *c != '\0'; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= ' ');
}

/* Too large a picture, and no library to draw one: key and URI do. */
static void without_a_picture(void **state)
{
	(void)state;
	char host[65];
	memset(host, 'h', 64);
	host[64] = '\0';
	for (int missing = 0; missing < 2; missing++) {
		struct talk talk = {0};
		struct scene scene = willing();
		fresh("");
		library_is_missing = missing;
		assert_int_equal(sethostname(missing ? "web1" : host, missing ? 4 : 64), 0);
		assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
		assert_int_equal(picture_rows(talk.screen), 0);
		assert_non_null(strstr(talk.screen, "\notpauth://totp/"));
		assert_true(is_enrolled("alice"));
	}
}

/* ENR-17: whoever leaves at a question has set up nothing, and gets in as before. */
static void leaving_at_each_question(void **state)
{
	(void)state;
	struct talk first = {.answers = {RIG_PASSWORD, ""}, .count = 2};
	fresh("");
	assert_int_equal(rig_login(&ssh, &first), PAM_SUCCESS);
	const struct grace grace = rig_state("alice")->grace;
	const uint64_t before = rig_fingerprint();
	for (size_t at = OFFER; at <= STORED; at++) {
		struct talk talk = {.gone_at = at + 1};
		struct scene scene = willing();
		assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
		assert_int_equal(talk.asked, at);
		assert_true(talk.failed > 0);
		assert_true(rig_fingerprint() == before);
		assert_false(is_enrolled("alice"));
	}
	assert_memory_equal(&rig_state("alice")->grace, &grace, sizeof(grace));
	assert_int_equal(rig_log_count("event=enroll"), 0);
}

static size_t die_at;

static void die(struct talk *talk)
{
	if (talk->asked == die_at)
		_exit(0);
}

/* ENR-17: the same for a process that is killed there; the next login may begin anew. */
static void killed_at_each_question(void **state)
{
	(void)state;
	struct talk first = {.answers = {RIG_PASSWORD, ""}, .count = 2};
	fresh("");
	assert_int_equal(rig_login(&ssh, &first), PAM_SUCCESS);
	const uint64_t before = rig_fingerprint();
	for (size_t at = OFFER; at <= STORED; at++) {
		int status = -1;
		die_at = at;
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct talk talk = {.before = die};
			struct scene scene = willing();
			(void)enroll_at(&ssh, &scene, &talk);
			_exit(1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		assert_true(rig_fingerprint() == before);
	}
	struct talk talk = {0};
	struct scene scene = willing();
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	assert_true(is_enrolled("alice"));
	assert_true(scene.fingerprint == before);
}

static void declining_is_one_key(void **state)
{
	(void)state;
	static const char *const answers[] = {"", NULL, "no", "n", "later", "y e s", "yess"};
	fresh("");
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct talk talk = {0};
		struct scene scene = {.offer = answers[i]};
		assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
		assert_int_equal(talk.asked, 2);
		assert_string_equal(talk.screen, "");
		assert_false(is_enrolled("alice"));
	}
}

static void two_wrong_codes_and_the_right_one(void **state)
{
	(void)state;
	for (size_t wrong = 0; wrong <= 3; wrong++) {
		struct talk talk = {0};
		struct scene scene = {.offer = " Yes ", .wrong_codes = wrong, .stored = "YES"};
		fresh("");
		assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
		assert_int_equal(is_enrolled("alice"), wrong < 3);
		assert_int_equal(rig_state("alice")->failures, 0);
		if (wrong == 3) {
			assert_int_equal(talk.asked, 5);
			assert_non_null(strstr(talk.screen, "Nothing was set up"));
		}
	}
}

static void codes_that_were_not_stored(void **state)
{
	(void)state;
	static const struct {
		const char *answer;
		size_t asked;
	} rows[] = {{"no", 4}, {"", 6}, {"maybe", 6}, {NULL, 6}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct talk talk = {0};
		struct scene scene = {.offer = "yes", .stored = rows[i].answer};
		fresh("");
		assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
		assert_int_equal(talk.asked, rows[i].asked);
		assert_non_null(strstr(talk.screen, "Nothing was set up"));
		assert_false(is_enrolled("alice"));
	}
}

static struct token winner;

static void enroll_in_another_session(void)
{
	struct talk talk = {0};
	struct scene scene = willing();
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	winner = scene.token;
}

static void enroll_by_the_tool(void)
{
	rig_enroll("alice", 0);
	winner = *rig_token("alice");
}

/* ENR-16: the first that is confirmed wins; no lock is held while somebody reads. */
static void two_at_once(void **state)
{
	(void)state;
	void (*const others[])(void) = {enroll_in_another_session, enroll_by_the_tool};
	for (size_t i = 0; i < 2; i++) {
		struct talk talk = {0}, next;
		struct scene scene = willing();
		scene.at_last = others[i];
		fresh("");
		assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
		assert_non_null(strstr(talk.screen, "set up for you elsewhere"));
		rig_clock_step(60);
		assert_int_equal(log_in_with(code_of(&scene.token, 0), &next), PAM_AUTH_ERR);
		assert_int_equal(log_in_with(code_of(&winner, 0), &next), PAM_SUCCESS);
	}
}

static void damage_the_state(void)
{
	static char junk[STATE_BYTES];
	FILE *file = fopen(rig_path("state/users/alice/state"), "r+");
	memset(junk, 'x', sizeof(junk));
	assert_non_null(file);
	assert_int_equal(fwrite(junk, sizeof(junk), 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

static void what_cannot_be_stored_is_said(void **state)
{
	(void)state;
	struct talk talk = {0};
	struct scene scene = willing();
	scene.at_last = damage_the_state;
	fresh("");
	assert_int_equal(enroll_at(&ssh, &scene, &talk), PAM_SUCCESS);
	assert_non_null(strstr(talk.screen, "could not be set up, and nothing was changed"));
	assert_int_equal(rig_log_count("event=enroll reason=state-corrupt"), 1);
	assert_false(is_enrolled("alice"));
}

/* sshd's password method answers every hidden prompt with the password and no visible one. */
static void blind_conversations_get_the_reminder(void **state)
{
	(void)state;
	struct talk talk = {.blind = true};
	fresh("");
	assert_int_equal(rig_login(&ssh, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 1);
	assert_int_equal(talk.failed, 1);
	assert_string_equal(talk.told_text,
			    "Set up your second factor by Sat 28 Nov 2026, 7 days left: answer yes "
			    "when a login through sshd or login offers it, or ask your "
			    "administrator to run: kling-enroll add alice\n");
}

/* ENR-16: where it is not offered. */
static void who_is_asked(void **state)
{
	(void)state;
	static const struct {
		const char *conf, *service, *rhost, *key;
		int flags;
		bool offered, reminded;
	} rows[] = {
	    {"", "sshd", "192.0.2.1", NULL, 0, true, false},
	    {"", "login", NULL, NULL, 0, true, false},
	    {"", "su", NULL, NULL, 0, false, true},
	    {"enroll_services = su\n", "su", NULL, NULL, 0, true, false},
	    {"enroll_services = su\n", "sshd", "192.0.2.1", NULL, 0, false, true},
	    {"enroll_services = su\n", "su", NULL, NULL, PAM_SILENT, false, false},
	    {"enroll_at_login = no\n", "sshd", "192.0.2.1", NULL, 0, false, true},
	    {"enroll_at_login = key\n", "sshd", "192.0.2.1", NULL, 0, false, true},
	    {"enroll_at_login = key\n", "sshd", "192.0.2.1", "publickey ssh-ed25519 AAAA\n", 0,
	     true, false},
	    {"enroll_at_login = key\n", "sshd", "192.0.2.1", "password\n", 0, false, true},
	    {"enroll_at_login = key\n", "login", NULL, "publickey ssh-ed25519 AAAA\n", 0, false,
	     true},
	    {"second_factor = optional\n", "sshd", "192.0.2.1", NULL, 0, false, false},
	    {"second_factor = off\n", "sshd", "192.0.2.1", NULL, 0, false, false},
	    {"[from 192.0.2.0/24]\nenroll_at_login = no\n", "sshd", "192.0.2.1", NULL, 0, false,
	     true},
	    {"[user bob]\nenroll_at_login = no\n", "sshd", "192.0.2.1", NULL, 0, true, false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct talk talk = {.answers = {RIG_PASSWORD, ""}, .count = 2};
		char key[128];
		fresh(rows[i].conf);
		pam_handle_t *pamh = rig_start(rows[i].service, "alice", rows[i].rhost, &talk);
		(void)snprintf(key, sizeof(key), "SSH_AUTH_INFO_0=%s",
			       rows[i].key != NULL ? rows[i].key : "");
		assert_int_equal(pam_putenv(pamh, key), PAM_SUCCESS);
		assert_int_equal(pam_authenticate(pamh, rows[i].flags), PAM_SUCCESS);
		assert_int_equal(pam_acct_mgmt(pamh, rows[i].flags), PAM_SUCCESS);
		rig_stop(pamh, PAM_SUCCESS);
		if (talk.asked != (rows[i].offered ? 2 : 1) ||
		    (strstr(talk.told_text, "Set up your second factor") != NULL) !=
			rows[i].reminded)
			fail_msg("row %zu: %zu questions, told: %s", i, talk.asked, talk.told_text);
	}
}

/* ENR-16: behind a required pam_unix our auth runs after a wrong password too. */
static void a_wrong_password_sees_nothing(void **state)
{
	(void)state;
	struct talk talk = {.answers = {"Wrong-Horse-12", "yes", "yes"}, .count = 3};
	fresh("");
	rig_service("sshd", "auth required pam_unix.so nodelay\nauth required @\n"
			    "account required @\n");
	const uint64_t before = rig_fingerprint();
	assert_int_equal(rig_login(&ssh, &talk), PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 1);
	assert_null(strstr(talk.told_text, "otpauth"));
	assert_true(rig_fingerprint() == before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_the_offer_to_the_next_login),
	    cmocka_unit_test(the_backup_codes_work),
	    cmocka_unit_test(the_picture_is_the_uri),
	    cmocka_unit_test(what_every_terminal_can_show),
	    cmocka_unit_test(without_a_picture),
	    cmocka_unit_test(leaving_at_each_question),
	    cmocka_unit_test(killed_at_each_question),
	    cmocka_unit_test(declining_is_one_key),
	    cmocka_unit_test(two_wrong_codes_and_the_right_one),
	    cmocka_unit_test(codes_that_were_not_stored),
	    cmocka_unit_test(two_at_once),
	    cmocka_unit_test(what_cannot_be_stored_is_said),
	    cmocka_unit_test(blind_conversations_get_the_reminder),
	    cmocka_unit_test(who_is_asked),
	    cmocka_unit_test(a_wrong_password_sees_nothing),
	};
	rig_begin();
	if (unshare(CLONE_NEWUTS) != 0) {
		printf("SKIP: no host name of one's own\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
