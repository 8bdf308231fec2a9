/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/fault/operations.h"

#include "lib/store/directory.h"

#include <dirent.h>

static const struct who BOB = {"bob", 1001, true};
static const struct who STRANGER = {"stranger", 0, false};

#define ALICES(file) "state/users/alice/" file

/* Whether the last look may find a lost slot. */
static bool may_repair;

static void check(bool condition, const char *what)
{
	if (!condition)
		fail_msg("neither before nor after: %s", what);
}

static enum status lock(struct scene *s, const struct who *who)
{
	enum status result = scene_reopen(s);

	account_unlock(&s->account);
	if (result == ST_OK)
		result = account_lock(&s->store, who, &s->account);
	if (result == ST_OK && !may_repair)
		check(!s->account.state->repair_due, "a slot is lost");
	return result;
}

static unsigned failures_of(struct scene *s, const struct who *who)
{
	assert_ok(lock(s, who));
	unsigned failures = s->account.state->failures;
	account_unlock(&s->account);
	return failures;
}

/* What is sealed for alice: the enrollment's mark, 0 for none; her history's byte. */
static unsigned mark_of(struct scene *s, const struct who *who)
{
	unsigned mark = 0;

	assert_ok(lock(s, who));
	enum status result = account_enrollment(&s->account, &s->enrollment);
	if (result == ST_OK) {
		mark = s->enrollment.record->tokens[0].secret[0];
		/* The state that goes with it: last steps are set to the mark at enrollment. */
		check(s->account.state->tokens[0].last_step == mark, "another's last step");
		check(s->account.state->spent == (mark & 7), "another's spent codes");
		check(s->account.state->generation == s->enrollment.record->generation,
		      "another generation");
	} else {
		check(result == ST_MISSING, status_text(result));
	}
	enrollment_clear(&s->enrollment);
	account_unlock(&s->account);
	return mark;
}

static char history_of(struct scene *s)
{
	AUTO_SECRET bytes = SECRET_EMPTY;

	assert_ok(lock(s, &s->alice));
	assert_ok(account_history_read(&s->account, &bytes));
	account_unlock(&s->account);
	check(bytes.length == 3000, "a history of another length");
	return (char)bytes.bytes[2999];
}

static enum status enroll(struct scene *s, const struct who *who, unsigned mark)
{
	const struct token_use uses[TOKENS_MAX] = {{.id = 1, .last_step = mark}};
	enum status result = account_lock_own(&s->store, who, &s->account);

	if (result == ST_OK)
		result = enrollment_new(&s->enrollment);
	if (result == ST_OK) {
		fill_record(s->enrollment.record, mark);
		result = account_enroll(&s->account, &s->enrollment, uses, mark & 7);
	}
	enrollment_clear(&s->enrollment);
	account_unlock(&s->account);
	return result;
}

static enum status write_history(struct scene *s, char byte)
{
	AUTO_SECRET bytes = SECRET_EMPTY;
	char text[3000];

	memset(text, byte, sizeof(text));
	enum status result = secret_copy(&bytes, text, sizeof(text));
	if (result == ST_OK)
		result = account_lock(&s->store, &s->alice, &s->account);
	if (result == ST_OK)
		result = account_history_write(&s->account, &bytes);
	account_unlock(&s->account);
	return result;
}

static enum status commit(struct scene *s, const struct who *who,
			  enum status (*how)(struct account *), unsigned failures)
{
	enum status result = account_lock(&s->store, who, &s->account);

	if (result == ST_OK) {
		s->account.state->failures = failures;
		result = how(&s->account);
	}
	account_unlock(&s->account);
	return result;
}

/* The commits. */
static enum status run_commit(struct scene *s)
{
	return commit(s, &s->alice, account_commit, 2);
}

static enum status run_commit_both(struct scene *s)
{
	return commit(s, &s->alice, account_commit_both, 2);
}

static enum status run_commit_soft(struct scene *s)
{
	return commit(s, &s->alice, account_commit_soft, 2);
}

static void prepare_soft(struct scene *s)
{
	assert_ok(commit(s, &s->alice, account_commit_soft, 1));
}

static enum verdict judge_commit(struct scene *s)
{
	unsigned failures = failures_of(s, &s->alice);

	check(failures == 1 || failures == 2, "failures");
	check(mark_of(s, &s->alice) == 0x41, "the enrollment");
	return failures == 2 ? AFTER : BEFORE;
}

static void prepare_shared(struct scene *s)
{
	assert_ok(account_lock(&s->store, &STRANGER, &s->account));
	s->account.state->repair_due = false; /* from the round before */
	s->account.state->failures = 1;
	assert_ok(account_commit_both(&s->account));
	account_unlock(&s->account);
}

static enum status run_shared(struct scene *s)
{
	return commit(s, &STRANGER, account_commit, 2);
}

static enum verdict judge_shared(struct scene *s)
{
	unsigned failures = failures_of(s, &STRANGER);

	check(failures == 1 || failures == 2, "failures");
	return failures == 2 ? AFTER : BEFORE;
}

/* Making a state, and a first enrollment. */
static enum status run_make(struct scene *s)
{
	enum status result = account_lock_own(&s->store, &BOB, &s->account);

	account_unlock(&s->account);
	return result;
}

static enum verdict judge_make(struct scene *s)
{
	assert_ok(lock(s, &BOB));
	enum account_kind kind = s->account.kind;
	account_unlock(&s->account);
	check(mark_of(s, &BOB) == 0, "an enrollment from nowhere");
	return kind == ACCOUNT_USER ? AFTER : BEFORE;
}

static enum status run_enroll_first(struct scene *s)
{
	return enroll(s, &BOB, 0x53);
}

static enum verdict judge_enroll_first(struct scene *s)
{
	unsigned mark = mark_of(s, &BOB);

	check(mark == 0 || mark == 0x53, "the enrollment");
	return mark ? AFTER : BEFORE;
}

/* Another enrollment in place of the first; none at all. */
static enum status run_enroll_again(struct scene *s)
{
	return enroll(s, &s->alice, 0x42);
}

static enum verdict judge_enroll_again(struct scene *s)
{
	unsigned mark = mark_of(s, &s->alice);

	check(mark == 0x41 || mark == 0x42, "the enrollment");
	check(failures_of(s, &s->alice) == 1, "failures");
	check(history_of(s) == 'a', "the history");
	return mark == 0x42 ? AFTER : BEFORE;
}

static enum status run_withdraw(struct scene *s)
{
	enum status result = account_lock(&s->store, &s->alice, &s->account);

	if (result == ST_OK)
		result = account_withdraw(&s->account);
	account_unlock(&s->account);
	return result;
}

static enum verdict judge_withdraw(struct scene *s)
{
	unsigned mark = mark_of(s, &s->alice);

	check(mark == 0x41 || mark == 0, "the enrollment");
	check(failures_of(s, &s->alice) == 1, "failures");
	return mark ? BEFORE : AFTER;
}

static enum status run_history(struct scene *s)
{
	return write_history(s, 'b');
}

static enum verdict judge_history(struct scene *s)
{
	char byte = history_of(s);

	check(byte == 'a' || byte == 'b', "the history");
	return byte == 'b' ? AFTER : BEFORE;
}

/* Keys. */
static void prepare_second_key(struct scene *s)
{
	struct key_id made;

	assert_ok(keyring_add(s->key_dir, s->place.owner, NULL, &made));
	assert_ok(scene_reopen(s));
}

static enum status run_rekey(struct scene *s)
{
	return rekey_user(&s->store, "alice");
}

/* How many keys of the ring alice's files name: the tables name the oldest. */
static bool is_moved(struct scene *s)
{
	static const char *const files[] = {ALICES("enrollment"), ALICES("history")};
	const struct key_head *current = &s->store.keyring.heads[s->store.keyring.current];
	char wanted[2 * KEY_ID_BYTES + 1] = "";
	static uint8_t bytes[32 * 1024];

	for (size_t i = 0; i < KEY_ID_BYTES; i++)
		snprintf(wanted + 2 * i, 3, "%02x", current->id.bytes[i]);
	for (size_t i = 0; i < LENGTH(files); i++) {
		size_t length = read_whole(scene_path(s, files[i]), bytes, sizeof(bytes));
		if (!memmem(bytes, length, wanted, strlen(wanted)))
			return false;
	}
	assert_ok(lock(s, &s->alice));
	bool moved = s->account.is_current;
	account_unlock(&s->account);
	return moved;
}

static enum verdict judge_rekey(struct scene *s)
{
	check(mark_of(s, &s->alice) == 0x41, "the enrollment");
	check(failures_of(s, &s->alice) == 1, "failures");
	check(history_of(s) == 'a', "the history");
	return is_moved(s) ? AFTER : BEFORE;
}

static enum status run_key_add(struct scene *s)
{
	struct key_id made;

	return keyring_add(s->key_dir, s->place.owner, NULL, &made);
}

static enum verdict judge_key_add(struct scene *s)
{
	check(mark_of(s, &s->alice) == 0x41, "the enrollment");
	return s->store.keyring.count > 1 ? AFTER : BEFORE;
}

static void prepare_spare_key(struct scene *s)
{
	prepare_second_key(s);
	assert_ok(rekey_user(&s->store, "alice"));
}

static enum status run_key_remove(struct scene *s)
{
	const struct keyring *ring = &s->store.keyring;
	struct key_id old = ring->heads[ring->count == 2 ? 1 - ring->current : 0].id;

	if (ring->count == 1)
		return ST_KEY_MISSING;
	return keyring_remove(s->key_dir, s->place.owner, &old);
}

static enum verdict judge_key_remove(struct scene *s)
{
	check(mark_of(s, &s->alice) == 0x41, "the enrollment");
	return s->store.keyring.count == 1 ? AFTER : BEFORE;
}

/* The administrator's. */
static enum status run_discard(struct scene *s)
{
	return account_discard(&s->store, "alice");
}

static enum verdict judge_discard(struct scene *s)
{
	bool here = access(scene_path(s, "state/users/alice"), F_OK) == 0;
	bool there = access(scene_path(s, "state/trash/0/alice/state"), F_OK) == 0;

	check(here != there, "in both places, or in none");
	if (here)
		check(mark_of(s, &s->alice) == 0x41, "the enrollment");
	return there ? AFTER : BEFORE;
}

static void prepare_lost(struct scene *s)
{
	assert_int_equal(unlink(scene_path(s, ALICES("state"))), 0);
}

static enum status run_rebuild(struct scene *s)
{
	return account_rebuild(&s->store, &s->alice);
}

static enum verdict judge_rebuild(struct scene *s)
{
	bool before = may_repair;

	may_repair = true;
	enum status result = lock(s, &s->alice);
	may_repair = before;
	check(result == ST_MISSING || result == ST_OK, status_text(result));
	if (result == ST_OK) {
		check(s->account.state->repair_due, "a repair forgotten");
		assert_ok(account_enrollment(&s->account, &s->enrollment));
		enrollment_clear(&s->enrollment);
	}
	account_unlock(&s->account);
	return result == ST_OK ? AFTER : BEFORE;
}

/* A store from nothing. */
static void prepare_nothing(struct scene *s)
{
	store_close(&s->store);
	remove_tree(s->state_dir);
	remove_tree(s->key_dir);
}

static enum status run_init(struct scene *s)
{
	return store_init(&s->place, false);
}

static enum verdict judge_init(struct scene *s)
{
	enum status result = scene_reopen(s);

	check(result == ST_UNINITIALISED || result == ST_OK, status_text(result));
	if (result != ST_OK)
		return BEFORE;
	check(failures_of(s, &BOB) == 0, "a table");
	check(failures_of(s, &STRANGER) == 0, "a table");
	return AFTER;
}

const struct operation operations[] = {
    {"commit", NULL, run_commit, judge_commit, ST_OK, false},
    {"commit after a ticket", prepare_soft, run_commit, judge_commit, ST_OK, false},
    {"commit both", NULL, run_commit_both, judge_commit, ST_OK, false},
    {"commit both after a ticket", prepare_soft, run_commit_both, judge_commit, ST_OK, false},
    {"commit a ticket", NULL, run_commit_soft, judge_commit, ST_OK, true},
    {"commit a stranger's", prepare_shared, run_shared, judge_shared, ST_OK, false},
    {"make a state", NULL, run_make, judge_make, ST_OK, false},
    {"enroll first", NULL, run_enroll_first, judge_enroll_first, ST_OK, false},
    {"enroll again", NULL, run_enroll_again, judge_enroll_again, ST_OK, false},
    {"withdraw", NULL, run_withdraw, judge_withdraw, ST_MISSING, false},
    {"write the history", NULL, run_history, judge_history, ST_OK, false},
    {"rekey", prepare_second_key, run_rekey, judge_rekey, ST_OK, false},
    {"add a key", NULL, run_key_add, judge_key_add, ST_OK, false},
    {"remove a key", prepare_spare_key, run_key_remove, judge_key_remove, ST_KEY_MISSING, false},
    {"discard", NULL, run_discard, judge_discard, ST_MISSING, false},
    {"rebuild", prepare_lost, run_rebuild, judge_rebuild, ST_EXISTS, false},
    {"init", prepare_nothing, run_init, judge_init, ST_EXISTS, false},
};
const size_t operation_count = LENGTH(operations);

struct scene *operations_begin(void)
{
	struct scene *s = scene_begin();

	/* Thousands of flushes: in memory where that can be had. */
	char dir[] = "/dev/shm/kling-store-XXXXXX";
	if (mkdtemp(dir)) {
		remove_tree(s->dir);
		strcpy(s->dir, dir);
		snprintf(s->state_dir, sizeof(s->state_dir), "%s/state", s->dir);
		snprintf(s->key_dir, sizeof(s->key_dir), "%s/keys", s->dir);
	}
	return s;
}

void operations_end(struct scene *s)
{
	scene_end((void **)&s);
}

/* Only the first key is left, which the tables were made with. False when it is gone. */
static bool keep_first_key(struct scene *s)
{
	bool kept = false;

	for (size_t i = 0; i < s->store.keyring.count; i++) {
		const struct key_head *head = &s->store.keyring.heads[i];
		char path[64] = "keys/";
		for (size_t byte = 0; byte < KEY_ID_BYTES; byte++)
			snprintf(path + 5 + 2 * byte, 3, "%02x", head->id.bytes[byte]);
		strcat(path, ".key");
		if (head->serial == 1)
			kept = true;
		else
			assert_int_equal(unlink(scene_path(s, path)), 0);
	}
	return kept;
}

/* A store without users; the tables, which take long to make, stay when they can. */
static void clear_store(struct scene *s)
{
	may_repair = false;
	if (scene_reopen(s) == ST_OK && keep_first_key(s)) {
		remove_tree(scene_path(s, "state/users"));
		remove_tree(scene_path(s, "state/trash"));
		assert_int_equal(mkdir(scene_path(s, "state/users"), 0700), 0);
	} else {
		store_close(&s->store);
		remove_tree(s->dir);
		assert_int_equal(mkdir(s->dir, 0700), 0);
		assert_ok(store_init(&s->place, false));
	}
	assert_ok(scene_reopen(s));
}

void operation_prepare(struct scene *s, const struct operation *operation)
{
	clear_store(s);
	assert_ok(enroll(s, &s->alice, 0x41));
	assert_ok(write_history(s, 'a'));
	assert_ok(commit(s, &s->alice, account_commit_both, 1));
	if (operation->prepare)
		operation->prepare(s);
}

enum verdict operation_judge(struct scene *s, const struct operation *operation, bool repair)
{
	may_repair = repair;
	(void)scene_reopen(s);
	enum verdict verdict = operation->judge(s);
	may_repair = false;
	return verdict;
}

void operation_resume(struct scene *s, const struct operation *operation)
{
	(void)scene_reopen(s);
	enum status result = operation->run(s);
	if (result != ST_OK && result != operation->done)
		fail_msg("%s again: %s", operation->name, status_text(result));
	assert_int_equal(operation_judge(s, operation, true), AFTER);
}
