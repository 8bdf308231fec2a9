/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who must, from where: every combination of group, user, service, address, enrollment and grace
 * under one configuration, three times: what a model of a few lines says, what the policy says, and
 * what the module does. NET-01, NET-04, NET-05, LCK-11, CFG-04, NET-06.
 */
#include "lib/conf/settings.h"
#include "policy/access.h"
#include "tests/stack/rig.h"

#include <time.h>
#include <unistd.h>

enum { DAY = 86400, START = 1795262410, NETS = 10000, MILLISECOND = 1000000 };

static const char conf[] = "public_key = needs_code\n"
			   "allow_from = 192.0.2.0/24 2001:db8::/32\n"
			   "enroll_at_login = no\n"
			   "lockout_tries = 0\n"
			   "lockout_cap = 0\n"
			   "[group staff]\n"
			   "public_key = accept\n"
			   "[group staff, service sshd]\n"
			   "second_factor = optional\n"
			   "[user bob, service sshd]\n"
			   "public_key = needs_code\n"
			   "[user carol]\n"
			   "enroll_grace = 0\n"
			   "[user dave, service sshd]\n"
			   "allow_from = any\n"
			   "[from 192.0.2.128/25]\n"
			   "second_factor = off\n"
			   "[service su]\n"
			   "second_factor = off\n"
			   "[group staff, from 2001:db8:5::/48]\n"
			   "second_factor = required\n";

static const struct {
	const char *name;
	bool exists, staff;
} users[] = {
    {"alice", true, true}, {"bob", true, true},    {"carol", true, false},
    {"dave", true, false}, {"user0", true, false}, {"nobody-here", false, false},
};

static const char *const services[] = {"sshd", "login", "su", "web"};

enum from { NOWHERE, NET, NET_UPPER, NET_6, ELSEWHERE, NAMED, MAPPED, PLACES };

static const char *const rhosts[PLACES] = {
    [NOWHERE] = NULL,
    [NET] = "192.0.2.7",
    [NET_UPPER] = "192.0.2.200",
    [NET_6] = "2001:DB8:5::1",
    [ELSEWHERE] = "203.0.113.9",
    [NAMED] = "gate.example.net",
    [MAPPED] = "::ffff:192.0.2.7",
};

enum came { NOT_BEGUN, RUNNING, OVER, ENROLLED, CAMES };

static const int64_t began[CAMES] = {[RUNNING] = -3 * DAY, [OVER] = -8 * DAY};

struct row {
	size_t user;
	size_t service;
	enum from place;
	enum came came;
};

/* What must come out: at our auth line, and at account behind it or alone. */
struct expected {
	struct decision auth;
	struct decision account;
	struct decision alone;
};

/* --- the model: the configuration above, read by a person ------------------------------------- */

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static enum second_factor model_factor(const struct row *row)
{
	bool staff = users[row->user].staff;
	if (staff && row->place == NET_6)
		return SECOND_FACTOR_REQUIRED;
	if (is(services[row->service], "su") || row->place == NET_UPPER)
		return SECOND_FACTOR_OFF;
	return staff && is(services[row->service], "sshd") ? SECOND_FACTOR_OPTIONAL
							   : SECOND_FACTOR_REQUIRED;
}

static enum reason model_place(const struct row *row)
{
	const char *service = services[row->service];
	bool dave = is(users[row->user].name, "dave") && is(service, "sshd");
	switch ((int)row->place) {
	case NAMED:
		return is(service, "su") ? REASON_OK : REASON_RHOST_NAME;
	case NOWHERE:
		return dave || is(service, "su") || is(service, "login") ? REASON_OK
									 : REASON_RHOST_DENIED;
	case ELSEWHERE:
		return dave ? REASON_OK : REASON_RHOST_DENIED;
	default:
		return REASON_OK;
	}
}

static bool model_grace(const struct row *row)
{
	return row->came <= RUNNING && !is(users[row->user].name, "carol");
}

static struct decision model_auth(const struct row *row)
{
	enum second_factor factor = model_factor(row);
	if (model_place(row) != REASON_OK)
		return (struct decision){VERDICT_ASK, model_place(row)};
	if (factor == SECOND_FACTOR_OFF)
		return (struct decision){VERDICT_PASS, REASON_OFF};
	if (!users[row->user].exists)
		return (struct decision){VERDICT_ASK, REASON_UNKNOWN};
	if (row->came == ENROLLED)
		return (struct decision){VERDICT_ASK, REASON_OK};
	if (factor == SECOND_FACTOR_OPTIONAL)
		return (struct decision){VERDICT_PASS, REASON_OPTIONAL};
	return model_grace(row) ? (struct decision){VERDICT_PASS, REASON_GRACE}
				: (struct decision){VERDICT_ASK, REASON_NOT_ENROLLED};
}

static struct decision model_account(const struct row *row)
{
	struct decision auth = model_auth(row);
	if (auth.verdict == VERDICT_ASK && auth.reason == REASON_OK)
		return (struct decision){VERDICT_PASS, REASON_OK};
	if (auth.reason == REASON_GRACE)
		return (struct decision){VERDICT_ENROLL, REASON_GRACE};
	if (auth.reason == REASON_NOT_ENROLLED)
		return (struct decision){VERDICT_DENY, REASON_DEADLINE};
	return auth.verdict == VERDICT_PASS ? auth : (struct decision){VERDICT_DENY, auth.reason};
}

/* A key login at sshd from somewhere; everything else is somebody else's business. */
static struct decision model_alone(const struct row *row)
{
	const char *user = users[row->user].name;
	bool bob = is(user, "bob");
	if (!is(services[row->service], "sshd") || row->place == NOWHERE)
		return (struct decision){VERDICT_PASS, REASON_OK};
	if (model_place(row) != REASON_OK)
		return (struct decision){VERDICT_DENY, model_place(row)};
	if (model_factor(row) == SECOND_FACTOR_OFF)
		return (struct decision){VERDICT_PASS, REASON_OFF};
	if (users[row->user].staff && !bob)
		return (struct decision){VERDICT_PASS, REASON_OK};
	if (bob && model_factor(row) == SECOND_FACTOR_OPTIONAL && row->came != ENROLLED)
		return (struct decision){VERDICT_PASS, REASON_OK};
	return (struct decision){VERDICT_DENY, REASON_PUBLIC_KEY};
}

/* --- the policy ------------------------------------------------------------------------------- */

static struct settings *load(void)
{
	struct settings *settings = NULL;
	struct conf_error error;
	const struct conf_source source = {.path = rig_path("kling.conf"), .must_exist = true};
	if (settings_load(&source, &settings, &error) != ST_OK)
		fail_msg("%s:%u: %s %s", error.file, error.line, error.word, error.problem);
	return settings;
}

static struct expected ask_policy(const struct settings *settings, const struct row *row)
{
	static const char *const staff[] = {"alice", "staff"};
	struct rules rules;
	const char *problem = NULL;
	const struct subject subject = {
	    .user = users[row->user].name,
	    .service = services[row->service],
	    .origin = origin_of(rhosts[row->place]),
	    .groups = staff,
	    .group_count = users[row->user].staff ? 2 : 0,
	};
	assert_int_equal(settings_resolve(settings, &subject, &rules, &problem), ST_OK);
	const struct visitor visitor = {
	    .standing = !users[row->user].exists ? STANDING_UNKNOWN
			: row->came == ENROLLED  ? STANDING_ENROLLED
						 : STANDING_NOT_ENROLLED,
	    .origin = subject.origin,
	    .console_service = word_list_has(&rules.console_services, subject.service),
	    .local_service = word_list_has(&rules.local_services, subject.service),
	    .grace = {.start = began[row->came] != 0 ? rig_clock_now() + began[row->came] : 0},
	    .wall = rig_clock_now(),
	};
	bool key = is(subject.service, "sshd") && row->place != NOWHERE;
	return (struct expected){
	    access_auth(&rules, &visitor),
	    access_account(&rules, &visitor, ACCOUNT_AFTER_AUTH),
	    access_account(&rules, &visitor, key ? ACCOUNT_KEY_LOGIN : ACCOUNT_OTHER),
	};
}

/* --- the module ------------------------------------------------------------------------------- */

static void put_grace(const char *user, enum came came)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who who = rig_who(user);
	rig_open(&store);
	assert_int_equal(account_lock_own(&store, &who, &account), ST_OK);
	account.state->grace = (struct grace){
	    .start = began[came] != 0 ? rig_clock_now() + began[came] : 0,
	};
	assert_int_equal(account_commit(&account), ST_OK);
}

static void complain(const struct row *row, const char *what, int got)
{
	fail_msg("%s: user %s, service %s, from %s, came %d: got %d\n%s", what,
		 users[row->user].name, services[row->service],
		 rhosts[row->place] != NULL ? rhosts[row->place] : "-", (int)row->came, got,
		 rig_log());
}

static bool logged(const char *event, enum reason reason)
{
	char words[64];
	(void)snprintf(words, sizeof(words), "event=%s reason=%s ", event, reason_text(reason));
	return rig_log_count(words) == 1;
}

/* Auth and account on one handle, with the right code where there is one. */
static void log_in(const struct row *row, const struct expected *expected)
{
	const char *user = users[row->user].name;
	struct talk talk = {.answers = {rig_code(user, 0)}, .count = 1};
	bool asks = expected->auth.verdict == VERDICT_ASK;
	bool enters = !asks || expected->auth.reason == REASON_OK;
	pam_handle_t *pamh = rig_start(services[row->service], user, rhosts[row->place], &talk);
	rig_log_clear();
	int got = pam_authenticate(pamh, 0);
	if (got != (enters ? PAM_SUCCESS : PAM_AUTH_ERR) || talk.asked != asks)
		complain(row, "auth", got);
	if (expected->auth.reason != REASON_OFF && !logged(!asks    ? "pass"
							   : enters ? "accept"
								    : "deny",
							   expected->auth.reason))
		complain(row, "the log of auth", got);
	if (enters) {
		bool passes = expected->account.verdict != VERDICT_DENY;
		got = pam_acct_mgmt(pamh, 0);
		if (got != (passes ? PAM_SUCCESS : PAM_PERM_DENIED) || talk.asked != asks)
			complain(row, "account", got);
	}
	rig_stop(pamh, got);
}

/* Account without our auth: keys, cron, sudo without password. Nothing is ever written. */
static void account_alone(const struct row *row, const struct expected *expected)
{
	struct talk talk = {0};
	bool passes = expected->alone.verdict == VERDICT_PASS;
	pam_handle_t *pamh =
	    rig_start(services[row->service], users[row->user].name, rhosts[row->place], &talk);
	const uint64_t before = rig_fingerprint();
	rig_log_clear();
	int got = pam_acct_mgmt(pamh, 0);
	rig_stop(pamh, got);
	if (got != (passes ? PAM_SUCCESS : PAM_PERM_DENIED) || talk.asked != 0)
		complain(row, "account alone", got);
	if (!passes && !logged("deny", expected->alone.reason))
		complain(row, "the log of account alone", got);
	if (rig_fingerprint() != before)
		complain(row, "account alone wrote something", got);
}

static void assert_same(const struct row *row, const char *what, struct decision a,
			struct decision b)
{
	if (a.verdict != b.verdict || a.reason != b.reason)
		fail_msg("%s: user %s, service %s, from %s, came %d: model %d %s, policy %d %s",
			 what, users[row->user].name, services[row->service],
			 rhosts[row->place] != NULL ? rhosts[row->place] : "-", (int)row->came,
			 (int)a.verdict, reason_text(a.reason), (int)b.verdict,
			 reason_text(b.reason));
}

static void try_row(const struct settings *settings, const struct row *row)
{
	const struct expected model = {model_auth(row), model_account(row), model_alone(row)};
	const struct expected policy = ask_policy(settings, row);
	assert_same(row, "auth", model.auth, policy.auth);
	assert_same(row, "account", model.account, policy.account);
	assert_same(row, "account alone", model.alone, policy.alone);
	if (users[row->user].exists && row->came != ENROLLED)
		put_grace(users[row->user].name, row->came);
	account_alone(row, &model);
	log_in(row, &model);
	rig_clock_step(30);
}

static size_t try_standing(const struct settings *settings, enum came came)
{
	size_t count = 0;
	rig_store();
	for (size_t user = 0; came == ENROLLED && user < 5; user++)
		rig_enroll(users[user].name, 0);
	for (size_t user = 0; user < sizeof(users) / sizeof(users[0]); user++)
		for (size_t service = 0; service < 4; service++)
			for (unsigned place = 0; place < PLACES; place++) {
				const struct row row = {user, service, (enum from)place, came};
				try_row(settings, &row);
				count++;
			}
	return count;
}

static void everybody_from_everywhere(void **state)
{
	(void)state;
	size_t count = 0;
	rig_clock_set(START, 5000);
	rig_conf(conf);
	for (size_t i = 0; i < 4; i++)
		rig_service(services[i], "auth required @\nauth required pam_permit.so\n"
					 "account required @\n");
	struct settings *settings = load();
	for (unsigned came = 0; came < CAMES; came++)
		count += try_standing(settings, (enum came)came);
	settings_free(&settings);
	printf("%zu combinations, each by model, policy and module\n", count);
	assert_in_range(count, 300, 10000);
}

/* --- what must not depend on the day ---------------------------------------------------------- */

/* LCK-11: sudo without password, cron, su from root, systemd-user, a greeter. */
static void callers_that_are_none_of_our_business(void **state)
{
	(void)state;
	static const char *const callers[] = {"sudo",         "cron",    "su",   "systemd-user",
					      "gdm-password", "runuser", "login"};
	static const char *const who[] = {"root", "alice", "carol"};
	rig_conf("");
	rig_clock_set(START, 5000);
	rig_store();
	rig_enroll("carol", 0);
	put_grace("alice", RUNNING);
	for (int day = 1; day <= 15; day += 7) {
		for (size_t i = 0; i < sizeof(callers) / sizeof(callers[0]); i++)
			for (size_t user = 0; user < 3; user++) {
				struct talk talk = {0};
				rig_service(callers[i], "account required @\nauth required @\n"
							"session optional @\n");
				pam_handle_t *pamh = rig_start(callers[i], who[user], NULL, &talk);
				const uint64_t before = rig_fingerprint();
				rig_log_clear();
				assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
				assert_int_equal(pam_setcred(pamh, PAM_ESTABLISH_CRED),
						 PAM_SUCCESS);
				assert_int_equal(pam_open_session(pamh, 0), PAM_SUCCESS);
				assert_int_equal(pam_close_session(pamh, 0), PAM_SUCCESS);
				rig_stop(pamh, PAM_SUCCESS);
				assert_true(rig_fingerprint() == before);
				assert_int_equal(talk.asked + talk.told, 0);
				assert_int_equal(rig_log_count(""), 0);
			}
		rig_clock_step((int64_t)7 * DAY);
	}
}

static int key_login(const char *user, const char *code, struct talk *talk)
{
	*talk = (struct talk){.answers = {code}, .count = 1};
	pam_handle_t *pamh = rig_start("sshd", user, "192.0.2.1", talk);
	int result = pam_putenv(pamh, "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA\n");
	if (result == PAM_SUCCESS && code != NULL)
		result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	rig_stop(pamh, result);
	return result;
}

static void a_key_alone_and_a_key_with_a_code(void **state)
{
	(void)state;
	struct talk talk;
	rig_clock_set(START, 5000);
	rig_service("sshd", "auth required @\naccount required @\n");
	rig_store();
	rig_enroll("alice", 0);
	rig_conf("public_key = needs_code\n");
	const uint64_t before = rig_fingerprint();
	rig_log_clear();
	assert_int_equal(key_login("alice", NULL, &talk), PAM_PERM_DENIED);
	assert_string_equal(talk.told_text,
			    "A key alone is not enough here: a verification code is needed too.\n");
	assert_int_equal(rig_log_count("event=deny reason=public-key"), 1);
	assert_true(rig_fingerprint() == before);
	assert_int_equal(key_login("alice", rig_wrong("alice"), &talk), PAM_AUTH_ERR);
	assert_int_equal(key_login("alice", rig_code("alice", 0), &talk), PAM_SUCCESS);
	assert_int_equal(rig_log_count("ledger=keyed"), 2);
	rig_conf("");
	assert_int_equal(key_login("alice", NULL, &talk), PAM_SUCCESS);
}

/* CFG-04 */
static void lists_that_are_none(void **state)
{
	(void)state;
	static const char *const lines[] = {
	    "allow_from = 192.0.2.0/33\n", "allow_from = 192.0.2.0/24 gate.example.net\n",
	    "allow_from = 192.0.2.0/24, 10.0.0.0/8\n", "allow_from = any 10.0.0.0/8\n",
	    "[from gate.example.net]\nsecond_factor = off\n"};
	rig_clock_set(START, 5000);
	rig_store();
	rig_enroll("alice", 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		rig_conf(lines[i]);
		rig_log_clear();
		assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SYSTEM_ERR);
		assert_int_equal(rig_log_count("reason=config"), 1);
	}
	rig_conf("allow_from =\n");
	rig_log_clear();
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=rhost-denied"), 1);
	rig_conf("");
	assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
}

static int64_t nanoseconds(void)
{
	struct timespec now;
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void write_nets(void)
{
	static char text[NETS * 20 + 64];
	size_t used = (size_t)snprintf(text, sizeof(text), "allow_from =");
	for (unsigned i = 0; i < NETS; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, " 10.%u.%u.0/28",
					 i / 256, i % 256);
	(void)snprintf(text + used, sizeof(text) - used, "\n");
	rig_conf(text);
}

static int64_t fastest_login(const char *rhost, int expected)
{
	int64_t best = INT64_MAX;
	for (int round = 0; round < 20; round++) {
		struct talk talk = {.answers = {rig_code("alice", 0)}, .count = 1};
		const struct login login = {.service = "code", .user = "alice", .rhost = rhost};
		int64_t before = nanoseconds();
		assert_int_equal(rig_login(&login, &talk), expected);
		int64_t took = nanoseconds() - before;
		best = took < best ? took : best;
		rig_clock_step(30);
	}
	return best;
}

/* NET-06: the question alone, and a whole login with and without the list. */
static void ten_thousand_nets(void **state)
{
	(void)state;
	rig_clock_set(START, 5000);
	rig_store();
	rig_enroll("alice", 0);
	rig_conf("");
	int64_t plain = fastest_login("10.39.15.1", PAM_SUCCESS);
	write_nets();
	int64_t listed = fastest_login("10.39.15.1", PAM_SUCCESS);
	rig_conf("allow_from = any\nlockout_tries = 0\n");
	write_nets();
	struct settings *settings = load();
	struct rules rules;
	const char *problem = NULL;
	const struct subject subject = {
	    .user = "alice", .service = "code", .origin = origin_of("10.39.15.16")};
	assert_int_equal(settings_resolve(settings, &subject, &rules, &problem), ST_OK);
	struct visitor visitor = {.origin = origin_of("10.39.15.1")};
	assert_int_equal(access_origin(&rules, &visitor), REASON_OK);
	visitor.origin = subject.origin;
	int64_t before = nanoseconds();
	enum reason reason = access_origin(&rules, &visitor);
	int64_t took = nanoseconds() - before;
	assert_int_equal(reason, REASON_RHOST_DENIED);
	settings_free(&settings);
	printf("10000 nets: asked in %lld us; a login %lld us without them, %lld us with them\n",
	       (long long)took / 1000, (long long)plain / 1000, (long long)listed / 1000);
	assert_in_range(took, 0, MILLISECOND);
}

/* Two sections that contradict each other only where both hold: refused there, and nowhere else. */
static void sections_that_contradict_each_other(void **state)
{
	(void)state;
	static const struct {
		const char *service, *user;
		int result;
	} cases[] = {{"contrary", "alice", PAM_SYSTEM_ERR},
		     {"contrary", "bob", PAM_SUCCESS},
		     {"code", "alice", PAM_SUCCESS}};
	rig_service("contrary", "auth required @\n");
	rig_conf("[user alice]\nlockout_duration = 10h\n"
		 "[service contrary]\nlockout_max_duration = 5h\n");
	rig_store();
	rig_enroll("alice", 0);
	rig_enroll("bob", 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct talk talk = {.answers = {rig_code(cases[i].user, 0)}, .count = 1};
		const struct login login = {
		    .service = cases[i].service, .user = cases[i].user, .rhost = "192.0.2.1"};
		bool refused = cases[i].result != PAM_SUCCESS;
		rig_log_clear();
		assert_int_equal(rig_login(&login, &talk), cases[i].result);
		assert_int_equal(talk.asked, !refused);
		assert_int_equal(rig_log_count("event=deny reason=config"), refused);
		assert_int_equal(rig_log_count("problem=\"lockout_max_duration is below "
					       "lockout_duration\""),
				 refused);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everybody_from_everywhere),
	    cmocka_unit_test(callers_that_are_none_of_our_business),
	    cmocka_unit_test(a_key_alone_and_a_key_with_a_code),
	    cmocka_unit_test(lists_that_are_none),
	    cmocka_unit_test(sections_that_contradict_each_other),
	    cmocka_unit_test(ten_thousand_nets),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
