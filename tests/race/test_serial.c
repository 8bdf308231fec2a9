/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CON-06: logins with tokens and backup codes, unlocking, new codes, tokens added and replaced and
 * removed, and a new key, all at once, in processes of their own and with the real tool. Whatever
 * came out, the record parses, and log, exit codes and record are those of some order in which the
 * same things happen one behind the other: the reference of tests/model, tried in every order.
 */
#include "tests/long.h"
#include "tests/model/tool_run.h"
#include "tests/model/view.h"

#include "lib/factor/answer.h"
#include "lib/factor/totp.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CAST = 8, LOGINS = 5, ALICE = 1001, CODES = MODEL_FRESH_CODES };

/* What one of them does. */
enum part {
	PLAY_LOGIN,
	PLAY_UNLOCK,
	PLAY_CODES,
	PLAY_ADD,
	PLAY_REPLACE,
	PLAY_REMOVE,
	PLAY_REMOVE_LABEL,
	PLAY_REKEY,
	PARTS,
};

static const char *const lines[PARTS][6] = {
    [PLAY_UNLOCK] = {"unlock"},
    [PLAY_CODES] = {"codes", "--json"},
    [PLAY_ADD] = {"add", "--json", "--no-confirm", "--label=third"},
    [PLAY_REPLACE] = {"add", "--json", "--no-confirm", "--replace"},
    [PLAY_REMOVE] = {"remove"},
    [PLAY_REMOVE_LABEL] = {"remove", "--label=spare"},
    [PLAY_REKEY] = {"rekey"},
};

struct player {
	enum part part;
	bool account;   /* a login that goes on to its account phase */
	bool inside;    /* the tool's code in a copy of this process: faster there than a program */
	unsigned pause; /* microseconds behind the barrier */
	char host[32];
	struct reply reply;
	int result; /* of PAM, or the exit code */
	bool seen;  /* what the log says of it */
	char log[256];
};

struct play {
	pthread_barrier_t barrier;
	struct player players[CAST];
};

static struct play *play;
static struct model before;
static unsigned long orders;

static unsigned dice(unsigned limit)
{
	return (unsigned)rand() % limit;
}

/* --- the scene -------------------------------------------------------------------------------- */

static int tool(const char *const *words, const char *user)
{
	const char *all[10];
	size_t count = 0;
	for (; words[count] != NULL; count++)
		all[count] = words[count];
	all[count++] = "--config";
	all[count++] = rig_path("kling.conf");
	all[count++] = user;
	all[count] = NULL;
	return tool_run(all, NULL, NULL, 0);
}

/* The clock is the machine's own: the real tool reads that. */
static void set_clock(void)
{
	struct timespec wall, boot;
	rig_clock_set(0, 0);
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	(void)clock_gettime(CLOCK_BOOTTIME, &boot);
	rig_clock_set(wall.tv_sec, boot.tv_sec);
	before.wall = wall.tv_sec;
	before.boot = boot.tv_sec;
}

static void set_scene(void)
{
	static const char *const second[] = {"add", "--json", "--no-confirm", "--label=spare",
					     NULL};
	static const unsigned tries[] = {3, 5, 16};
	char conf[128];
	struct view view;
	before = (struct model){.rules = {.tries = tries[dice(3)],
					  .cap = dice(3) == 0 ? 4 : 100,
					  .window = 1,
					  .duration = 3600,
					  .longest = 86400,
					  .grace = 0},
				.boots = 1};
	(void)snprintf(conf, sizeof(conf),
		       "lockout_tries = %u\nlockout_cap = %u\nlockout_duration = 1h\n"
		       "enroll_grace = 0\n",
		       before.rules.tries, before.rules.cap);
	set_clock();
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", CODES);
	assert_int_equal(tool(second, "alice"), 0);
	view_take("alice", ALICE, &view);
	struct model_user *u = &before.users[0];
	*u = (struct model_user){.uid = ALICE,
				 .has_state = true,
				 .enrolled = true,
				 .device_count = 2,
				 .set = 1,
				 .code_count = CODES};
	view_learn(u, &view);
	rig_log_clear();
}

static void choose_reply(struct player *player, unsigned shared)
{
	const struct token *token = &before.users[0].devices[dice(2)].token;
	struct reply *reply = &player->reply;
	unsigned wish = dice(10);
	*reply = (struct reply){.typed = TYPED_DIGITS, .set = 1, .index = shared};
	if (wish < 5) {
		uint64_t step = (uint64_t)(before.wall / 30) - 1 + dice(3);
		assert_int_equal(totp_code(token, step, reply->text), ST_OK);
	} else if (wish < 8) {
		reply->typed = TYPED_CODE;
		reply->index = dice(2) == 0 ? shared : dice(CODES);
		(void)snprintf(reply->text, MODEL_TEXT, "%s", rig_backup(reply->index));
	} else {
		(void)snprintf(reply->text, MODEL_TEXT, "%06u", dice(1000000));
	}
}

static void choose_parts(void)
{
	unsigned shared = dice(CODES);
	for (size_t i = 0; i < CAST; i++) {
		struct player *player = &play->players[i];
		*player = (struct player){.part = i < LOGINS ? PLAY_LOGIN
							     : (enum part)(1 + dice(PARTS - 1)),
					  .account = dice(3) == 0,
					  .inside = dice(3) != 0,
					  .pause = dice(2) == 0 ? 0 : dice(6000)};
		(void)snprintf(player->host, sizeof(player->host), "192.0.2.%zu", i + 1);
		choose_reply(player, shared);
	}
}

/* --- the play --------------------------------------------------------------------------------- */

static void wait_and_pause(const struct player *player)
{
	(void)pthread_barrier_wait(&play->barrier);
	if (player->pause != 0)
		(void)usleep(player->pause);
}

static void at_the_prompt(struct talk *talk)
{
	wait_and_pause(talk->context);
}

static void log_in(struct player *player)
{
	struct talk talk = {.answers = {player->reply.text},
			    .count = 1,
			    .before = at_the_prompt,
			    .context = player};
	const struct login login = {
	    .service = "code", .user = "alice", .rhost = player->host, .account = player->account};
	player->result = rig_login(&login, &talk);
	if (talk.asked == 0)
		wait_and_pause(player);
}

static void run_program(const struct player *player)
{
	const char *words[10] = {getenv("KLING_ENROLL"), "--config", rig_path("kling.conf")};
	size_t count = 3;
	for (size_t i = 0; lines[player->part][i] != NULL; i++)
		words[count++] = lines[player->part][i];
	if (player->part != PLAY_REKEY)
		words[count] = "alice";
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(nowhere, fd);
	char *copies[10];
	for (size_t i = 0; i < 10; i++)
		copies[i] = (char *)(uintptr_t)words[i];
	(void)execv(copies[0], copies);
	_exit(126);
}

static void perform(struct player *player)
{
	if (player->part == PLAY_LOGIN) {
		log_in(player);
		_exit(0);
	}
	wait_and_pause(player);
	if (!player->inside)
		run_program(player);
	_exit(tool(lines[player->part], player->part == PLAY_REKEY ? NULL : "alice"));
}

static void run_play(void)
{
	pid_t children[CAST];
	for (size_t i = 0; i < CAST; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			perform(&play->players[i]);
	}
	for (size_t i = 0; i < CAST; i++) {
		int status = -1;
		assert_true(waitpid(children[i], &status, 0) == children[i] && WIFEXITED(status));
		if (play->players[i].part != PLAY_LOGIN)
			play->players[i].result = WEXITSTATUS(status);
		else
			assert_int_equal(WEXITSTATUS(status), 0);
	}
}

/* The decision's line of the login from that host, and whether a lock followed. */
static void read_log(struct player *player)
{
	char mark[48];
	(void)snprintf(mark, sizeof(mark), "rhost=%s ", player->host);
	for (const char *line = rig_log(); *line != '\0';) {
		const char *end = strchrnul(line, '\n');
		size_t length = (size_t)(end - line);
		const char *event = memmem(line, length, "event=", 6);
		if (event != NULL && memmem(line, length, mark, strlen(mark)) != NULL &&
		    strncmp(event, "event=lock", 10) != 0 && !player->seen) {
			player->seen = true;
			(void)snprintf(player->log, sizeof(player->log), "%.*s ",
				       (int)(end - event), event);
		}
		line = end + (*end != '\0');
	}
}

/* --- in which order --------------------------------------------------------------------------- */

struct order {
	struct model model;
	unsigned done[CAST]; /* how many of a player's steps */
	size_t names[2 * CAST], count;
};

static bool says(const struct player *player, const struct verdict *v)
{
	char wanted[160], ledger[64];
	(void)snprintf(wanted, sizeof(wanted), "event=%s reason=%s ", v->event, v->reason);
	(void)snprintf(ledger, sizeof(ledger), " ledger=%s fails=%u ", ledger_name(v->ledger),
		       v->fails);
	return strncmp(player->log, wanted, strlen(wanted)) == 0 &&
	       (!v->has_ledger || strstr(player->log, ledger) != NULL);
}

static bool judged_so(struct model *model, const struct player *player)
{
	const struct door door = {SOURCE_STRANGER, "code", player->host, 0, false};
	struct verdict v;
	model_judge(model, 0, &door, &player->reply, NULL, &v);
	bool in = strcmp(v.event, "accept") == 0;
	return says(player, &v) && player->result == (in ? PAM_SUCCESS : PAM_AUTH_ERR);
}

static bool went_on(struct model *model, const struct player *player)
{
	const struct door door = {SOURCE_STRANGER, "code", player->host, 0, false};
	return model_account(model, 0, &door, true);
}

/* Somebody else wrote in between: refused, and nothing done. */
static bool may_be_stale(enum part part)
{
	return part == PLAY_CODES || part == PLAY_ADD || part == PLAY_REPLACE;
}

static bool ended_so(struct model *model, const struct player *player, uint32_t set)
{
	int code = 0;
	if (player->result == 1 && may_be_stale(player->part))
		return true;
	if (player->part == PLAY_UNLOCK)
		code = model_unlock(model, 0);
	else if (player->part == PLAY_CODES)
		code = model_codes(model, 0, set);
	else if (player->part == PLAY_ADD)
		code = model_add(model, 0, "third", set);
	else if (player->part == PLAY_REPLACE)
		code = model_replace(model, 0, set);
	else if (player->part == PLAY_REMOVE)
		code = model_remove(model, 0, NULL);
	else if (player->part == PLAY_REMOVE_LABEL)
		code = model_remove(model, 0, "spare");
	return code == player->result;
}

static bool is_over(const struct player *player, unsigned done)
{
	bool two = player->part == PLAY_LOGIN && player->account && player->result == PAM_SUCCESS;
	return done == (two ? 2 : 1);
}

static bool step_fits(struct order *order, size_t i)
{
	const struct player *player = &play->players[i];
	if (player->part != PLAY_LOGIN)
		return ended_so(&order->model, player, 100 + (uint32_t)i);
	return order->done[i] == 0 ? judged_so(&order->model, player)
				   : went_on(&order->model, player);
}

static bool ends_there(const struct order *order, const struct view *view)
{
	static struct view loose;
	char text[256];
	struct model_user u = order->model.users[0];
	loose = *view;
	/* The tool read its own clock, some seconds on. */
	for (size_t i = 0; i < LEDGER_COUNT; i++) {
		struct ledger *l = &loose.state.ledgers.ledger[i];
		struct count *c = &u.counts[i];
		if (c->until - l->code_locked_until < 60 && l->code_locked_until - c->until < 60)
			c->until = l->code_locked_until;
		c->last_use = l->last_use;
	}
	u.boot = loose.state.ledgers.anchor.boot;
	return !view_differs(&u, &loose, text);
}

static bool find_order(const struct order *order, const struct view *view)
{
	size_t left = 0;
	struct order *next = malloc(sizeof(*next));
	bool found = false;
	assert_non_null(next);
	for (size_t i = 0; i < CAST && !found; i++) {
		if (is_over(&play->players[i], order->done[i]))
			continue;
		left++;
		*next = *order;
		orders++;
		if (!step_fits(next, i))
			continue;
		next->done[i]++;
		next->names[next->count++] = i;
		found = find_order(next, view);
	}
	free(next);
	return found || (left == 0 && ends_there(order, view));
}

static void tell(unsigned round, const struct view *view)
{
	static const char *const names[PARTS] = {"login",   "unlock", "codes",          "add",
						 "replace", "remove", "remove --label", "rekey"};
	char text[256] = "";
	printf("round %u: no order gives this (record status %d)\n", round, (int)view->status);
	for (size_t i = 0; i < CAST; i++) {
		const struct player *player = &play->players[i];
		printf("  %zu %s %s -> %d %s\n", i, names[player->part],
		       player->part == PLAY_LOGIN ? player->reply.text : "", player->result,
		       player->log);
	}
	(void)view_differs(&before.users[0], view, text);
	printf("  against before: %s; enrolled %d tokens %zu spent %x\n%s", text, view->enrolled,
	       view->token_count, view->state.spent, rig_log());
}

static void any_order_explains_it(void **state)
{
	(void)state;
	unsigned rounds = long_or(1000, is_sanitized() ? 20 : 100), accepted = 0, done = 0;
	pthread_barrierattr_t shared;
	unsigned seed = (unsigned)seed_or(20261121);
	play = mmap(NULL, sizeof(*play), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(play != MAP_FAILED);
	assert_int_equal(pthread_barrierattr_init(&shared), 0);
	assert_int_equal(pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED), 0);
	assert_int_equal(pthread_barrier_init(&play->barrier, &shared, CAST), 0);
	printf("seed %u\n", seed);
	for (unsigned round = 0; round < rounds; round++) {
		static struct view view;
		static struct order order;
		srand(seed + round);
		set_scene();
		choose_parts();
		run_play();
		for (size_t i = 0; i < LOGINS; i++) {
			read_log(&play->players[i]);
			accepted += play->players[i].result == PAM_SUCCESS;
		}
		for (size_t i = LOGINS; i < CAST; i++)
			done += play->players[i].result == 0;
		view_take("alice", ALICE, &view);
		memset(&order, 0, sizeof(order));
		order.model = before;
		if (!find_order(&order, &view)) {
			tell(seed + round, &view);
			fail();
		}
	}
	printf("total: %u rounds of %d at once, each as in some order (%lu steps tried): %u logins "
	       "accepted, %u commands done\n",
	       rounds, CAST, orders, accepted, done);
	(void)munmap(play, sizeof(*play));
}

/* Each makes a key or goes on with the other's; whoever comes last finds the old one gone. */
static void new_keys_at_once(void **state)
{
	(void)state;
	unsigned rounds = long_or(300, is_sanitized() ? 5 : 30);
	for (unsigned round = 0; round < rounds; round++) {
		struct view view;
		srand(round);
		set_scene();
		for (size_t i = 0; i < 3; i++)
			if (fork() == 0)
				_exit(tool(lines[PLAY_REKEY], NULL));
		for (size_t i = 0; i < 3; i++) {
			int status = -1;
			assert_true(wait(&status) > 0);
			assert_int_equal(WEXITSTATUS(status), 0);
		}
		view_take("alice", ALICE, &view);
		assert_int_equal(view.status, ST_OK);
		assert_int_equal(view.token_count, 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_order_explains_it),
	    cmocka_unit_test(new_keys_at_once),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
