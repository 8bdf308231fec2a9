/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/stack/situations.h"

#include "lib/base/clock.h"
#include "lib/factor/totp.h"
#include "lib/show/base32.h"

#include <dirent.h>
#include <unistd.h>

enum { START = 1795262410, DAY = 86400, DOOR = 3 };

/* A refusal of a lone module must not become success by what stands behind it: an IGNORE would. */
static const char lone[] = "auth required @\nauth required pam_permit.so\n"
			   "account required @\naccount required pam_permit.so\n";
static const char behind_preauth[] =
    "auth requisite @ preauth\nauth required @\nauth required pam_permit.so\n"
    "account required @\naccount required pam_permit.so\n";
static const char changing[] = "password requisite @\npassword required pam_permit.so\n";

static const char *right_code, *wrong_code, *backup;
static const char *const no_backup = "AAAA-BBBB-CCCC-DDDD";
static const char *const good_password = "Quiet-Heron-42";
static const char *const short_password = "Heron-4";
static const char *const former_password = RIG_PASSWORD;

static const char strict[] = "enroll_grace = 0\n[group root]\nlockout_tries = 5\n"
			     "[from 192.0.2.0/24]\ncode_window = 1\n";

static void begin(const char *conf)
{
	rig_clock_set(START, 5000);
	rig_conf(conf);
	rig_store();
}

static void enrolled(void)
{
	begin(strict);
	rig_enroll("alice", 4);
	right_code = rig_code("alice", 0);
	wrong_code = rig_wrong("alice");
	backup = rig_backup(1);
}

static void used(void)
{
	enrolled();
	assert_int_equal(rig_answer("alice", right_code), PAM_SUCCESS);
}

static void backup_used(void)
{
	enrolled();
	assert_int_equal(rig_answer("alice", backup), PAM_SUCCESS);
}

static void locked(void)
{
	enrolled();
	for (int i = 0; i < 5; i++)
		assert_int_equal(rig_answer("alice", wrong_code), PAM_AUTH_ERR);
}

/* The last wrong one that is judged: it locks. */
static void nearly_locked(void)
{
	enrolled();
	for (int i = 0; i < 4; i++)
		assert_int_equal(rig_answer("alice", wrong_code), PAM_AUTH_ERR);
}

/* Five wrong passwords: the door behind preauth is shut, whatever the code. */
static void passwords_locked(void)
{
	enrolled();
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who alice = rig_who("alice");
	rig_open(&store);
	assert_int_equal(account_lock(&store, &alice, &account), ST_OK);
	struct moment now;
	assert_int_equal(clock_read(&now), ST_OK);
	lockout_rebase(&account.state->ledgers, &now);
	account.state->ledgers.ledger[LEDGER_STRANGERS].password_locked_until = now.boot + 900;
	assert_int_equal(account_commit(&account), ST_OK);
}

static int log_in_as_bob(void)
{
	struct talk talk = {.answers = {""}, .count = 1};
	const struct login login = {
	    .service = "faults", .user = "bob", .rhost = "192.0.2.1", .account = true};
	return rig_login(&login, &talk);
}

static void not_enrolled(void)
{
	enrolled();
	rig_conf("enroll_grace = 7d\nenroll_at_login = no\n");
}

static void in_grace(void)
{
	not_enrolled();
	assert_int_equal(log_in_as_bob(), PAM_SUCCESS);
	rig_clock_step(DAY);
}

static void grace_is_over(void)
{
	in_grace();
	rig_clock_step(7 * DAY);
}

static void enrolling(void)
{
	enrolled();
	rig_conf("enroll_grace = 7d\nenroll_services = faults\n");
	assert_int_equal(log_in_as_bob(), PAM_SUCCESS);
}

static void with_history(void)
{
	enrolled();
	rig_conf("password_min_changed = 0\npassword_history = 5\n");
}

const struct situation situations[] = {
    {"right", GETS_IN, enrolled, "faults", "alice", &right_code, &wrong_code, .door = true},
    {"backup", GETS_IN, enrolled, "faults", "alice", &backup, &no_backup, .door = true},
    {"wrong", GETS_NOWHERE, enrolled, "faults", "alice", &wrong_code, .door = true},
    {"wrong backup", GETS_NOWHERE, enrolled, "faults", "alice", &no_backup, .door = true},
    {"used", GETS_NOWHERE, used, "faults", "alice", &right_code, .door = true},
    {"used backup", GETS_NOWHERE, backup_used, "faults", "alice", &backup, .door = true},
    {"locking", GETS_NOWHERE, nearly_locked, "faults", "alice", &wrong_code, .door = false},
    {"locked", GETS_NOWHERE, locked, "faults", "alice", &right_code, .door = false},
    {"unknown", GETS_NOWHERE, enrolled, "faults", "nobody-here", &right_code, .door = false},
    {"unknown backup", GETS_NOWHERE, enrolled, "faults", "nobody-here", &backup, .door = false},
    {"not enrolled", GETS_NOWHERE, enrolled, "faults", "bob", &right_code, .door = false},
    {"grace begins", GRACE_BEGINS, not_enrolled, "faults", "bob", &right_code, .door = false},
    {"grace", GRACE_GOES_ON, in_grace, "faults", "bob", &right_code, .door = false},
    {"grace over", GETS_NOWHERE, grace_is_over, "faults", "bob", &right_code, .door = false},
    {"enrollment", ENROLLS, enrolling, "faults", "bob", &right_code, .door = false},
    {"preauth", GETS_IN, enrolled, "preauth", "alice", &right_code, &wrong_code, .door = true},
    {"preauth, wrong", GETS_NOWHERE, enrolled, "preauth", "alice", &wrong_code, .door = true},
    {"preauth, nobody", GETS_NOWHERE, enrolled, "preauth", "nobody-here", &right_code,
     .door = false},
    {"preauth, bob", GETS_NOWHERE, enrolled, "preauth", "bob", &right_code, .door = false},
    {"preauth, grace", GRACE_GOES_ON, in_grace, "preauth", "bob", &right_code, .door = false},
    {"pw locked", GETS_NOWHERE, passwords_locked, "preauth", "alice", &right_code, .door = false},
    {"new password", CHANGES_PASSWORD, with_history, "changing", "alice", &right_code,
     .password = &good_password, .door = false},
    {"short password", GETS_NOWHERE, with_history, "changing", "alice", &right_code,
     .password = &short_password, .door = false},
    {"same password", GETS_NOWHERE, with_history, "changing", "alice", &right_code,
     .password = &former_password, .door = false},
    {"passwd, right", CHANGES_PASSWORD, with_history, "changing", "alice", &right_code,
     .password = &good_password, .caller = 1001, .door = true},
    {"passwd, wrong", GETS_NOWHERE, with_history, "changing", "alice", &wrong_code,
     .password = &good_password, .caller = 1001, .door = true},
};
const size_t situation_count = sizeof(situations) / sizeof(situations[0]);

void situations_begin(void)
{
	rig_service("faults", lone);
	rig_service("preauth", behind_preauth);
	rig_service("changing", changing);
}

static uint32_t failures_before;

void situation_prepare(const struct situation *situation)
{
	situation->prepare();
	failures_before = rig_state("alice")->failures;
	rig_save();
}

void situation_again(void)
{
	rig_restore();
	rig_log_clear();
}

/* --- the user -----------------------------------------------------------------------------------
 */

struct playing {
	const struct situation *situation;
	const char *answer;
	struct visit *visit;
};

/* The key as it stands on the screen, and a code that is made with it. */
static void use_token(const char *screen, struct visit *visit)
{
	static const char mark[] = "Key: ", other[] = "on your phone:\n";
	size_t length = 0;
	struct token *token = &visit->token;
	const char *key = strstr(screen, mark);
	const char *alone = strstr(screen, other);
	if (key != NULL)
		key += strlen(mark);
	else if (alone != NULL)
		key = alone + strlen(other);
	if (key == NULL)
		return;
	(void)snprintf(visit->key, sizeof(visit->key), "%.*s", (int)strcspn(key, "\n"), key);
	*token = (struct token){.algorithm = TOKEN_SHA1, .digits = 6, .period = 30};
	assert_int_equal(base32_parse(visit->key, strlen(visit->key), token->secret,
				      sizeof(token->secret), &length),
			 ST_OK);
	token->secret_length = (uint8_t)length;
	assert_int_equal(totp_code(token, totp_step(token, rig_clock_now()), visit->code), ST_OK);
	visit->has_token = true;
}

static void play(struct talk *talk, const char *prompt)
{
	const struct playing *playing = talk->context;
	const char *answer = playing->answer;
	fault_pause();
	if (strstr(prompt, "New password") != NULL || strstr(prompt, "Retype") != NULL) {
		answer = playing->situation->password != NULL ? *playing->situation->password : "";
	} else if (strstr(prompt, "Set it up now") != NULL ||
		   strstr(prompt, "have stored them") != NULL) {
		answer = "yes";
	} else if (strstr(prompt, "Code that the app shows") != NULL) {
		use_token(talk->screen, playing->visit);
		answer = playing->visit->code;
	}
	size_t at = talk->asked % RIG_ANSWERS;
	talk->answers[at] = answer;
	talk->count = talk->asked + 1 < RIG_ANSWERS ? talk->asked + 1 : RIG_ANSWERS;
	fault_go_on();
}

static int transact(const struct situation *situation, pam_handle_t *pamh)
{
	if (situation->password != NULL)
		return pam_chauthtok(pamh, 0);
	int result = pam_authenticate(pamh, 0);
	return result == PAM_SUCCESS ? pam_acct_mgmt(pamh, 0) : result;
}

void situation_visit(const struct situation *situation, const char *answer,
		     const struct fault *first, const struct fault *second, struct visit *visit)
{
	static char screen[RIG_SCREEN];
	struct playing playing = {situation, answer, visit};
	struct talk talk = {.play = play, .context = &playing, .screen = screen};
	screen[0] = '\0';
	*visit = (struct visit){.result = -1};
	pam_handle_t *pamh = rig_start(situation->service, situation->user, "192.0.2.1", &talk);
	assert_int_equal(setresuid(situation->caller, 0, 0), 0);
	if (first != NULL && second != NULL)
		fault_arm_pair(first, second);
	else if (first != NULL)
		fault_arm(first);
	int result = transact(situation, pamh);
	visit->calls = first != NULL ? fault_disarm() : 0;
	assert_int_equal(setresuid(0, 0, 0), 0);
	visit->finished = strstr(screen, "Your second factor is set up") != NULL;
	visit->result = result;
	rig_stop(pamh, result);
}

/* --- the oracle ---------------------------------------------------------------------------------
 */

static bool log_has(const char *text)
{
	return text != NULL && text[0] != '\0' && strstr(rig_log(), text) != NULL;
}

static const char *loose_words(const struct situation *situation, const struct visit *visit)
{
	const struct token *token = rig_token("alice");
	if (log_has(*situation->answer) || log_has(visit->key) || log_has(visit->code))
		return "the log has a secret";
	if (situation->wrong != NULL && log_has(*situation->wrong))
		return "the log has a wrong answer";
	if (situation->password != NULL && log_has(*situation->password))
		return "the log has a password";
	if (memmem(rig_log(), strlen(rig_log()), token->secret, token->secret_length) != NULL)
		return "the log has a key";
	return NULL;
}

const char *situation_glance(const struct situation *situation, const struct visit *visit)
{
	switch (visit->result) {
	case PAM_IGNORE:
	case PAM_USER_UNKNOWN:
	case PAM_AUTHINFO_UNAVAIL:
	case PAM_NEW_AUTHTOK_REQD:
		return "a result that stacks overlook";
	case PAM_SUCCESS:
		if (situation->kind == GETS_NOWHERE)
			return "got in";
		break;
	default:
		break;
	}
	return loose_words(situation, visit);
}

static const char *judge_spent(const struct situation *situation, const struct visit *visit)
{
	struct visit again;
	if (visit->result != PAM_SUCCESS)
		return NULL;
	situation_visit(situation, *situation->answer, NULL, NULL, &again);
	return again.result == PAM_SUCCESS ? "accepted twice" : NULL;
}

static const char *judge_grace(const struct situation *situation, const struct visit *visit)
{
	const struct grace *grace = &rig_state(situation->user)->grace;
	if (visit->result == PAM_SUCCESS && grace->start == 0)
		return "a grace that nobody remembers";
	if (grace->start > rig_clock_now() || grace->extended != 0)
		return "a grace that begins later";
	if (situation->kind == GRACE_GOES_ON && grace->start != START)
		return "a grace that was moved";
	rig_clock_set(START + 9 * DAY, 5000 + 9 * DAY);
	bool late = log_in_as_bob() == PAM_SUCCESS && grace->start != 0;
	rig_clock_set(START + (situation->kind == GRACE_GOES_ON ? DAY : 0), 5000);
	return late ? "a grace that does not end" : NULL;
}

static bool is_enrolled(const char *user)
{
	AUTO_STORE store = STORE_CLOSED;
	const struct who who = rig_who(user);
	bool enrolled = false;
	rig_open(&store);
	assert_int_equal(account_is_enrolled(&store, &who, &enrolled), ST_OK);
	return enrolled;
}

static int answer_as_bob(const struct visit *visit, int steps)
{
	char code[9];
	uint64_t now = totp_step(&visit->token, rig_clock_now());
	assert_int_equal(totp_code(&visit->token, (uint64_t)((int64_t)now + steps), code), ST_OK);
	return rig_answer("bob", code);
}

/* Either nothing came of it, or what was shown is right, and its first code is spent. */
static const char *judge_enrollment(const struct visit *visit)
{
	if (!is_enrolled("bob"))
		return visit->finished                  ? "said to be set up"
		       : log_in_as_bob() != PAM_SUCCESS ? "not enrolled, and out"
							: NULL;
	if (!visit->has_token)
		return "enrolled out of nothing";
	if (rig_answer("bob", visit->code) == PAM_SUCCESS)
		return "the code that confirmed is not spent";
	if (answer_as_bob(visit, 1) != PAM_SUCCESS)
		return "enrolled with another key";
	return NULL;
}

static const char *judge_password(const struct situation *situation, const struct visit *visit)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_SECRET history = SECRET_EMPTY;
	const struct who who = rig_who(situation->user);
	rig_open(&store);
	if (account_lock(&store, &who, &account) != ST_OK)
		return "no state";
	enum status status = account_history_read(&account, &history);
	if (status != ST_OK && status != ST_MISSING)
		return "no history that could be read";
	if (visit->result == PAM_SUCCESS && history.length == 0)
		return "a password that nobody remembers";
	return NULL;
}

static const char *judge_kind(const struct situation *situation, const struct visit *visit)
{
	switch (situation->kind) {
	case GETS_IN:
		return judge_spent(situation, visit);
	case GRACE_BEGINS:
	case GRACE_GOES_ON:
		return judge_grace(situation, visit);
	case ENROLLS:
		return judge_enrollment(visit);
	case CHANGES_PASSWORD:
		return judge_password(situation, visit);
	case GETS_NOWHERE:
		break;
	}
	return NULL;
}

/* Who was told that his answer is wrong has paid for it. */
static const char *judge_charge(const struct situation *situation)
{
	if (strcmp(situation->user, "alice") != 0 ||
	    rig_log_count("event=deny reason=bad-code user=\"alice\"") == 0)
		return NULL;
	return rig_state("alice")->failures == failures_before ? "a wrong answer was not counted"
							       : NULL;
}

const char *situation_judge(const struct situation *situation, const struct visit *visit)
{
	const char *wrong = judge_charge(situation);
	if (wrong == NULL)
		wrong = judge_kind(situation, visit);
	if (wrong == NULL && situation->door &&
	    rig_answer("alice", rig_backup(DOOR)) != PAM_SUCCESS)
		return "the door stays shut";
	return wrong;
}

static size_t descriptors(void)
{
	size_t count = 0;
	DIR *directory = opendir("/proc/self/fd");
	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	(void)closedir(directory);
	return count;
}

/* The first time something may be loaded that stays; not the third. */
static bool grows(const struct situation *situation, const struct fault *first,
		  const struct fault *second)
{
	for (int times = 0; times < 3; times++) {
		struct visit visit;
		situation_again();
		size_t before = fault_live();
		situation_visit(situation, *situation->answer, first, second, &visit);
		if (fault_live() <= before)
			return false;
	}
	return true;
}

const char *situation_strike(const struct situation *situation, const struct fault *first,
			     const struct fault *second, struct visit *visit)
{
	situation_again();
	size_t open_before = descriptors();
	size_t live_before = fault_live();
	situation_visit(situation, *situation->answer, first, second, visit);
	bool grown = fault_live() > live_before;
	if (descriptors() != open_before)
		return "a descriptor stayed open";
	const char *wrong = situation_glance(situation, visit);
	if (wrong == NULL)
		wrong = situation_judge(situation, visit);
	if (wrong == NULL && grown && grows(situation, first, second))
		return "memory stayed";
	return wrong;
}
