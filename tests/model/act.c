/* SPDX-License-Identifier: BSD-3-Clause */
/* Does to the module and the tool what the model is told, and compares. */
#include "tests/model/act.h"

#include "lib/factor/totp.h"
#include "tests/model/answers.h"
#include "tests/model/tool_run.h"
#include "tests/model/view.h"
#include "tests/stack/rig.h"
#include "tests/stack/rig_faults.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[MODEL_USERS + 1] = {"alice", "bob", "carol", "mallory"};
static const char label[] = "spare";

enum { FIRST_UID = 1001, NOT_RUN = -1, SUFFERED = -2 };

const struct door doors[DOORS] = {
    {SOURCE_STRANGER, "sshd", "192.0.2.1", 0, false},
    {SOURCE_STRANGER, "sshd", "192.0.2.2", 0, false},
    {SOURCE_STRANGER, "sshd", "192.0.2.3", 0, false},
    {SOURCE_STRANGER, "sshd", "198.51.100.4", 0, false},
    {SOURCE_STRANGER, "sshd", "198.51.100.5", 0, false},
    {SOURCE_STRANGER, "sshd", "198.51.100.6", 0, false},
    {SOURCE_STRANGER, "sshd", "203.0.113.7", 0, false},
    {SOURCE_STRANGER, "sshd", "203.0.113.8", 0, false},
    {SOURCE_STRANGER, "sshd", "203.0.113.9", 0, false},
    {SOURCE_STRANGER, "sshd", "2001:db8:1:2::5", 0, false},
    {SOURCE_STRANGER, "sshd", "2001:db8:1:2:ffff::99", 0, false},
    {SOURCE_STRANGER, "sshd", "::ffff:192.0.2.1", 0, false},
    {SOURCE_STRANGER, "sshd", "somewhere.example", 0, false},
    {SOURCE_KEYED, "sshd", "192.0.2.1", 0, false},
    {SOURCE_KEYED, "sshd", "192.0.2.77", 0, false},
    {SOURCE_CONSOLE, "login", "", 0, false},
    {SOURCE_LOCAL, "su", NULL, 0, false},
    {SOURCE_LOCAL, "sudo", NULL, 0, true},
    {SOURCE_LOCAL, "su", NULL, 2001, false},
    {SOURCE_LOCAL, "su", NULL, 2002, false},
    {SOURCE_LOCAL, "su", NULL, 2003, false},
    {SOURCE_LOCAL, "su", NULL, 2004, false},
    {SOURCE_LOCAL, "su", NULL, 2005, false},
    {SOURCE_LOCAL, "su", NULL, 2006, false},
};

static uint32_t sets;

/* --- who calls -------------------------------------------------------------------------------- */

static uid_t caller;

#define EXPORT __attribute__((visibility("default")))

EXPORT uid_t getuid(void)
{
	return caller;
}

EXPORT int getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	*real = caller;
	*effective = *saved = 0;
	return 0;
}

void act_begin(void)
{
	fault_skip_barrier = true; /* nobody stops us here */
	static const char *const services[] = {"sshd", "login", "sudo", "su"};
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		rig_service(services[i],
			    "auth required @\nauth required pam_permit.so\naccount required @\n");
	rig_service("blind", "auth required pam_unix.so\nauth required @\n"
			     "auth required pam_permit.so\naccount required @\n");
}

void act_stage(struct row *row, const struct model_rules *rules)
{
	char conf[1024];
	(void)snprintf(
	    conf, sizeof(conf),
	    "lockout_tries = %u\nlockout_cap = %u\ncode_window = %u\n"
	    "lockout_duration = %llds\nlockout_max_duration = %llds\nenroll_grace = %llds\n"
	    "lockout_scope = %s\nsecond_factor = %s\nenroll_at_login = no\n",
	    rules->tries, rules->cap, rules->window, (long long)rules->duration,
	    (long long)rules->longest, (long long)rules->grace,
	    rules->one_ledger ? "account" : "source", rules->optional ? "optional" : "required");
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_store();
	rig_log_clear();
	rig_reboot(0);
	answers_forget();
	row->model =
	    (struct model){.rules = *rules, .wall = rig_clock_now(), .boot = 60, .boots = 1};
	for (unsigned i = 0; i < MODEL_USERS; i++)
		row->model.users[i].uid = FIRST_UID + i;
}

static void complain(struct row *row, const char *format, ...) PRINTF_LIKE(2, 3);
static void complain(struct row *row, const char *format, ...)
{
	va_list values;
	if (row->problem[0] != '\0')
		return;
	va_start(values, format);
	(void)vsnprintf(row->problem, sizeof(row->problem), format, values);
	va_end(values);
}

/* The one of these that is what lies on the disk becomes the model's; -1: none is. */
static int settle(struct row *row, unsigned user, const struct model_user *candidates, size_t count)
{
	struct view view;
	char text[256] = "", first[256] = "";
	view_take(names[user], FIRST_UID + user, &view);
	for (size_t i = 0; i < count; i++) {
		if (!view_differs(&candidates[i], &view, text)) {
			struct model_user *u = &row->model.users[user];
			*u = candidates[i];
			view_learn(u, &view);
			return (int)i;
		}
		if (i == 0)
			memcpy(first, text, sizeof(first));
	}
	complain(row, "%s: %s%s", names[user], first, count > 1 ? " (nor any state between)" : "");
	return -1;
}

/* --- calls that fail, and deaths -------------------------------------------------------------- */

static unsigned steps_to_live;

static void die_in_time(const char *call)
{
	static const char *const steps[] = {"pwrite", "fdatasync", "fsync", "openat",
					    "fcntl",  "fstatat",   "pread"};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (strcmp(call, steps[i]) == 0 && --steps_to_live == 0)
			(void)kill(getpid(), SIGKILL);
}

static void arm(const struct op *op)
{
	const struct fault_call *call = &fault_calls[op->call % fault_call_count];
	size_t errors = 0;
	while (call->errors[errors] != 0)
		errors++;
	int error = call->errors[op->error % errors];
	/* This one cannot, and nothing else would give the host its signals back. */
	if (strcmp(call->name, "pthread_sigmask") == 0)
		return;
	/* Interrupted for ever is no call that fails, but one that never ends. */
	if (op->trouble == TROUBLE_FAILS)
		fault_arm(&(struct fault){.call = call->name,
					  .at = op->at,
					  .error = error,
					  .onwards = op->onwards && error != EINTR});
}

/* Runs it in a process that is killed on its way, if it lives as long. */
static int run_mortal(struct row *row, const struct op *op, int (*body)(struct row *, const void *),
		      const void *context, void *shared, size_t size)
{
	int status = 0;
	void *heap = mmap(NULL, size + sizeof(int), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(heap != MAP_FAILED);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		steps_to_live = op->at;
		fault_watch = die_in_time;
		int result = body(row, context);
		fault_watch = NULL;
		memcpy((char *)heap + sizeof(int), shared, size);
		memcpy(heap, &result, sizeof(result));
		_exit(0);
	}
	assert_true(waitpid(child, &status, 0) == child);
	int result = SUFFERED;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		memcpy(&result, heap, sizeof(result));
		memcpy(shared, (char *)heap + sizeof(int), size);
	} else if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
		complain(row, "the process ended with %d", status);
	}
	row->killed += result == SUFFERED;
	(void)munmap(heap, size + sizeof(int));
	return result;
}

/* --- a login ---------------------------------------------------------------------------------- */

struct visit {
	struct row *row;
	const struct op *op;
	bool opened; /* the prompt was seen, and answered */
	struct reply reply;
};

static void open_prompt(struct talk *talk)
{
	struct visit *visit = talk->context;
	if (visit->opened || (talk->blind && talk->asked == 0))
		return;
	visit->opened = true;
	uid_t kept = caller;
	for (unsigned i = 0; i < visit->op->peers && visit->row->next < visit->row->count; i++)
		(void)act_next(visit->row);
	caller = kept;
	rig_log_clear();
	if (visit->op->trouble == TROUBLE_NONE)
		answer_for(&visit->row->model, visit->op, &visit->reply);
	talk->answers[0] = visit->reply.text;
}

static int call_both(const struct visit *visit, const struct door *door, struct talk *talk)
{
	const char *service = visit->op->wish == WISH_BLIND ? "blind" : door->service;
	pam_handle_t *pamh = rig_start(service, names[visit->op->user], door->rhost, talk);
	if (door->kind == SOURCE_KEYED)
		(void)pam_putenv(pamh, "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAAC3Nz\n");
	caller = door->self ? FIRST_UID + visit->op->user : door->uid;
	arm(visit->op);
	int result = pam_authenticate(pamh, 0);
	rig_log_watch = NULL;
	int account = result == PAM_SUCCESS ? pam_acct_mgmt(pamh, 0) : PAM_SUCCESS;
	(void)fault_disarm();
	caller = 0;
	rig_stop(pamh, result);
	return result == PAM_SUCCESS && account != PAM_SUCCESS ? 1000 + account : result;
}

static int log_in(struct row *row, const void *context)
{
	struct visit *visit = (struct visit *)(uintptr_t)context;
	struct talk talk = {.before = open_prompt, .context = visit, .count = 1};
	(void)row;
	talk.blind = visit->op->wish == WISH_BLIND;
	talk.gone_at = visit->op->wish == WISH_GONE ? 1 : 0;
	return call_both(visit, &doors[visit->op->door], &talk);
}

/* The line of the decision, of which there is one. */
static const char *decision_line(struct row *row)
{
	static const char *const events[] = {"event=accept", "event=deny", "event=pass"};
	const char *line = NULL;
	size_t lines = 0;
	for (size_t i = 0; i < 3; i++) {
		lines += rig_log_count(events[i]);
		if (line == NULL)
			line = strstr(rig_log(), events[i]);
	}
	if (lines > 1)
		complain(row, "%zu lines for one decision", lines);
	return line;
}

static bool line_has(const char *line, const char *format, ...) PRINTF_LIKE(2, 3);
static bool line_has(const char *line, const char *format, ...)
{
	char wanted[128];
	va_list values;
	va_start(values, format);
	int length = vsnprintf(wanted, sizeof(wanted) - 1, format, values);
	va_end(values);
	const char *end = strchr(line, '\n');
	const char *found = strstr(line, wanted);
	if (found == NULL || found > end)
		return false;
	return found[length] == ' ' || found[length] == '\n';
}

static void compare_log(struct row *row, const struct verdict *v)
{
	const char *line = decision_line(row);
	bool noise = strcmp(v->reason, "host-refused") == 0;
	if (line == NULL && noise)
		return;
	if (line == NULL || !line_has(line, "event=%s reason=%s", v->event, v->reason) ||
	    (v->has_ledger &&
	     !line_has(line, "ledger=%s fails=%u", ledger_name(v->ledger), v->fails)))
		complain(row, "expected %s %s %s %u, got %.160s", v->event, v->reason,
			 v->has_ledger ? ledger_name(v->ledger) : "-", v->fails,
			 line != NULL ? line : "no line");
	if (rig_log_count("event=lock reason=locked") != v->locks ||
	    rig_log_count("event=lock reason=cap") != v->caps)
		complain(row, "expected lock %d, cap %d, got:\n%.300s", v->locks, v->caps,
			 rig_log());
}

static int result_of(const struct verdict *v)
{
	if (strcmp(v->reason, "conv") == 0)
		return PAM_CONV_ERR;
	return strcmp(v->event, "deny") == 0 ? PAM_AUTH_ERR : PAM_SUCCESS;
}

/* Nobody of that name: whatever is typed, and nothing of the name in the log. */
static void visit_of_nobody(struct row *row, const struct op *op)
{
	struct visit visit = {.row = row, .op = op};
	int result = log_in(row, &visit);
	/* The blind host asks pam_unix first, which has a word of its own for it. */
	if (result != PAM_AUTH_ERR && (result != PAM_CONV_ERR || op->wish != WISH_GONE) &&
	    (result != PAM_USER_UNKNOWN || op->wish != WISH_BLIND))
		complain(row, "nobody got %d", result);
	if (strstr(rig_log(), names[MODEL_USERS]) != NULL)
		complain(row, "the log has the name");
}

static void suffer(struct row *row, const struct op *op, const struct model_user stages[4],
		   size_t count, int result, const struct verdict *v)
{
	unsigned user = op->user;
	bool in = result == PAM_SUCCESS || result >= 1000;
	row->struck++;
	if (in && strcmp(v->event, "deny") == 0)
		complain(row, "came in with a call that failed, expected %s", v->reason);
	int found = settle(row, user, stages, count);
	if (in && strcmp(v->event, "accept") == 0 && (found == 0 || found == 3))
		complain(row, "came in, and nothing of it was kept");
}

/* Everything a login that does not run to its end may leave: nothing, the judgement, all of it; and
 * where trouble kept the answer from being understood, one more wrong answer. */
static void log_in_with_trouble(struct row *row, const struct op *op)
{
	struct visit visit = {.row = row, .op = op};
	struct verdict v;
	const char *foregone = NULL;
	struct model model = row->model;
	const struct door *door = &doors[op->door];
	static struct model_user stages[5];
	struct model_user *u = &model.users[op->user];
	answer_for(&model, op, &visit.reply);
	stages[0] = *u;
	model_charge(&model, op->user, door);
	stages[3] = *u;
	*u = stages[0];
	bool asked = model_arrive(&model, op->user, &foregone, &v);
	if (asked)
		model_judge(&model, op->user, door, &visit.reply, foregone, &v);
	stages[1] = *u;
	if (strcmp(v.event, "deny") != 0)
		(void)model_account(&model, op->user, door, asked);
	stages[2] = *u;
	stages[4] = stages[0];
	stages[4].has_state |= !asked;
	int result = op->trouble == TROUBLE_FAILS
			 ? log_in(row, &visit)
			 : run_mortal(row, op, log_in, &visit, &visit.opened, sizeof(bool));
	suffer(row, op, stages, 5, result, &v);
}

static void log_in_undisturbed(struct row *row, const struct op *op)
{
	struct visit visit = {.row = row, .op = op};
	struct verdict v;
	const char *foregone = NULL;
	const struct door *door = &doors[op->door];
	bool asked = model_arrive(&row->model, op->user, &foregone, &v);
	int result = log_in(row, &visit);
	if (row->problem[0] != '\0')
		return;
	if (visit.reply.typed == TYPED_NOTHING && op->wish == WISH_GONE)
		visit.reply.typed = TYPED_GONE;
	if (asked)
		model_judge(&row->model, op->user, door, &visit.reply, foregone, &v);
	compare_log(row, &v);
	if (result != result_of(&v))
		complain(row, "expected %s %s (%d), got %d", v.event, v.reason, result_of(&v),
			 result);
	if (strcmp(v.event, "deny") != 0)
		(void)model_account(&row->model, op->user, door, asked);
	row->accepted += strcmp(v.event, "accept") == 0;
	row->passed += strcmp(v.event, "pass") == 0;
	row->judged += v.has_ledger && strcmp(v.reason, "locked") != 0;
	(void)settle(row, op->user, &row->model.users[op->user], 1);
}

/* --- the administrator ------------------------------------------------------------------------ */

struct errand {
	const struct op *op;
	const char *words[10];
	char input[32];
	char output[4096];
};

static int run_errand(struct row *row, const void *context)
{
	struct errand *errand = (struct errand *)(uintptr_t)context;
	(void)row;
	arm(errand->op);
	int code = tool_run(errand->words, errand->input, errand->output, sizeof(errand->output));
	(void)fault_disarm();
	return code;
}

/* The two codes of a clock that is off by some steps, and where the second of them stands. */
static uint64_t resync_codes(const struct model *m, const struct op *op, char input[32])
{
	const struct model_user *u = &m->users[op->user];
	if (u->device_count == 0)
		return 0;
	const struct device *d = &u->devices[op->number % u->device_count];
	char first[9], second[9];
	uint64_t step = (uint64_t)(m->wall / d->token.period) - 10 + op->number / 4 % 21;
	if (totp_code(&d->token, step - 1, first) != ST_OK ||
	    totp_code(&d->token, step, second) != ST_OK)
		abort();
	(void)snprintf(input, 32, "%s\n%s\n", first, second);
	return step;
}

static int foresee(struct model *m, const struct op *op, uint32_t set, uint64_t step)
{
	const struct model_user *u = &m->users[op->user];
	switch ((int)op->deed) {
	case DO_UNLOCK:
		return model_unlock(m, op->user);
	case DO_CODES:
		return model_codes(m, op->user, set);
	case DO_ADD:
		return model_add(m, op->user, NULL, set);
	case DO_ADD_LABEL:
		return model_add(m, op->user, label, set);
	case DO_REPLACE:
		return model_replace(m, op->user, set);
	case DO_REMOVE:
		return model_remove(m, op->user, NULL);
	case DO_REMOVE_LABEL:
		return model_remove(m, op->user, label);
	case DO_RESYNC:
		return model_resync(m, op->user,
				    u->device_count > 0 ? op->number % u->device_count : 0, step);
	case DO_EXTEND:
		return model_grace(m, op->user, (int64_t)3 * 86400);
	case DO_END_GRACE:
		return model_grace(m, op->user, 0);
	}
	return 0;
}

static void instruct(const struct op *op, struct errand *errand)
{
	static const char *const lines[DEEDS][4] = {
	    [DO_UNLOCK] = {"unlock"},
	    [DO_CODES] = {"codes", "--json"},
	    [DO_ADD] = {"add", "--json", "--no-confirm"},
	    [DO_ADD_LABEL] = {"add", "--json", "--no-confirm", "--label=spare"},
	    [DO_REPLACE] = {"add", "--json", "--no-confirm", "--replace"},
	    [DO_REMOVE] = {"remove"},
	    [DO_REMOVE_LABEL] = {"remove", "--label=spare"},
	    [DO_RESYNC] = {"resync"},
	    [DO_EXTEND] = {"grace", "--extend=3d"},
	    [DO_END_GRACE] = {"grace", "--end"},
	    [DO_REKEY] = {"rekey"},
	};
	size_t count = 0;
	for (; count < 4 && lines[op->deed][count] != NULL; count++)
		errand->words[count] = lines[op->deed][count];
	errand->words[count++] = "--config";
	errand->words[count++] = rig_path("kling.conf");
	if (op->deed != DO_REKEY)
		errand->words[count++] = names[op->user];
}

static void send_on_errand(struct row *row, const struct op *op)
{
	struct errand errand = {.op = op};
	struct model model = row->model;
	static struct model_user stages[4];
	stages[0] = stages[2] = row->model.users[op->user];
	stages[2].has_state = true; /* made first, and then nothing in it */
	stages[3] = stages[0];      /* the clock is believed first, then the token moved */
	if (op->deed == DO_RESYNC && stages[3].highest > row->model.wall)
		stages[3].highest = row->model.wall;
	uint64_t step = op->deed == DO_RESYNC ? resync_codes(&model, op, errand.input) : 0;
	int expected = foresee(&model, op, ++sets, step);
	stages[1] = model.users[op->user];
	instruct(op, &errand);
	int code = op->trouble == TROUBLE_KILLED ? run_mortal(row, op, run_errand, &errand,
							      errand.output, sizeof(errand.output))
						 : run_errand(row, &errand);
	row->struck += op->trouble != TROUBLE_NONE;
	if (op->trouble == TROUBLE_NONE && code != expected)
		complain(row, "expected exit %d, got %d: %.200s", expected, code, errand.output);
	bool whole = op->trouble == TROUBLE_NONE || code == 0;
	int found = settle(row, op->user, whole ? &stages[1] : stages, whole ? 1 : 4);
	if (found >= 0 && row->model.users[op->user].set == sets)
		answers_keep(op->user, sets, code == 0 ? errand.output : "");
}

/* --- a step ----------------------------------------------------------------------------------- */

static void move_clock(struct row *row, const struct op *op)
{
	struct model *m = &row->model;
	int64_t earliest = 1000000000, latest = 4000000000;
	if (m->wall + op->span < earliest || m->wall + op->span > latest)
		return;
	if (op->deed == DO_REBOOT) {
		rig_reboot(op->span);
		m->boots++;
		m->boot = 60;
	} else if (op->deed == DO_WAIT) {
		rig_clock_step(op->span);
		m->boot += op->span;
	} else {
		rig_clock_wall(op->span);
	}
	m->wall += op->span;
}

/* A guest leaves its host's signals as they were. */
static void check_signals(struct row *row)
{
	sigset_t blocked;
	(void)pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	if (sigismember(&blocked, SIGTERM) != 0)
		complain(row, "signals are left blocked");
}

bool act_next(struct row *row)
{
	size_t at = row->next++;
	const struct op *op = &row->ops[at];
	rig_log_clear();
	row->done[op->deed]++;
	if (op->deed >= DO_WAIT)
		move_clock(row, op);
	else if (op->deed != DO_LOGIN)
		send_on_errand(row, op);
	else if (op->user == MODEL_USERS)
		visit_of_nobody(row, op);
	else if (op->trouble != TROUBLE_NONE)
		log_in_with_trouble(row, op);
	else
		log_in_undisturbed(row, op);
	check_signals(row);
	if (row->problem[0] != '\0' && row->at == 0)
		row->at = at + 1;
	return row->problem[0] == '\0';
}

void act_describe(const struct op *op, char *line, size_t size)
{
	static const char *const deeds[DEEDS] = {
	    "login",       "unlock", "codes",          "add",    "add --label",
	    "replace",     "remove", "remove --label", "resync", "grace --extend",
	    "grace --end", "rekey",  "wait",           "jump",   "reboot"};
	static const char *const wishes[WISHES] = {
	    "right",   "wrong",   "replayed", "old",  "future", "backup", "spent backup",
	    "old set", "nothing", "blind",    "junk", "gone",   "other"};
	static const char *const troubles[] = {"", " a call fails", " killed"};
	const struct door *door = &doors[op->door];
	if (op->deed == DO_LOGIN)
		(void)snprintf(
		    line, size, "login %s %s(%u) at %s%s%s%s peers %u%s %u/%u%s", names[op->user],
		    wishes[op->wish], op->number, door->service,
		    door->rhost != NULL ? " from " : "", door->rhost != NULL ? door->rhost : "",
		    door->kind == SOURCE_KEYED ? " keyed" : "", op->peers, troubles[op->trouble],
		    op->trouble == TROUBLE_FAILS ? (unsigned)(op->call % fault_call_count) : 0,
		    op->at, op->onwards ? " onwards" : "");
	else if (op->deed >= DO_WAIT)
		(void)snprintf(line, size, "%s %lld", deeds[op->deed], (long long)op->span);
	else
		(void)snprintf(line, size, "%s %s (%u)%s %u/%u%s", deeds[op->deed], names[op->user],
			       op->number, troubles[op->trouble],
			       (unsigned)(op->call % fault_call_count), op->at,
			       op->onwards ? " onwards" : "");
}
