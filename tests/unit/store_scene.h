/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_STORE_SCENE_H
#define KLING_TESTS_STORE_SCENE_H

#include "lib/store/account.h"
#include "lib/store/rekey.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LENGTH(array)          (sizeof(array) / sizeof((array)[0]))
#define assert_status(got, is) assert_string_equal(status_text(got), status_text(is))
#define assert_ok(got)         assert_status(got, ST_OK)

/* A store in a directory of its own, with its keys, and a user. */
struct scene {
	char dir[64];
	char state_dir[96];
	char key_dir[96];
	struct place place;
	struct store store;
	struct who alice;
	struct account account;
	struct enrollment enrollment;
};

static inline struct scene *scene_begin(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	strcpy(s->dir, "/tmp/kling-store-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->state_dir, sizeof(s->state_dir), "%s/state", s->dir);
	snprintf(s->key_dir, sizeof(s->key_dir), "%s/keys", s->dir);
	s->place = (struct place){s->state_dir, s->key_dir, geteuid()};
	s->store = STORE_CLOSED;
	s->alice = (struct who){"alice", 1000, true};
	s->account = ACCOUNT_CLOSED;
	return s;
}

static inline int scene_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void remove_tree(const char *path)
{
	(void)nftw(path, scene_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

/* cmocka's setups: an empty place; one with an open store. */
static inline int scene_empty(void **state)
{
	*state = scene_begin();
	return 0;
}

static inline int scene_new(void **state)
{
	struct scene *s = scene_begin();

	assert_ok(store_init(&s->place, false));
	assert_ok(store_open(&s->place, &s->store));
	*state = s;
	return 0;
}

static inline int scene_end(void **state)
{
	struct scene *s = *state;

	account_unlock(&s->account);
	enrollment_clear(&s->enrollment);
	store_close(&s->store);
	remove_tree(s->dir);
	free(s);
	return 0;
}

/* Opens the store again, as another process would. */
static inline enum status scene_reopen(struct scene *s)
{
	store_close(&s->store);
	return store_open(&s->place, &s->store);
}

static inline char *scene_path(const struct scene *s, const char *below)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", s->dir, below);
	return path;
}

static inline size_t read_whole(const char *path, uint8_t *bytes, size_t size)
{
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	size_t length = fread(bytes, 1, size, f);
	fclose(f);
	return length;
}

static inline void write_whole(const char *path, const void *bytes, size_t length)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	if (length)
		assert_int_equal(fwrite(bytes, 1, length, f), length);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

/* A record with one token whose secret is a run of `mark`, and two backup codes. */
static inline void fill_record(struct enrollment_record *record, unsigned mark)
{
	struct token *token = &record->tokens[0];

	*token = (struct token){.id = 1,
				.label = "phone",
				.algorithm = TOKEN_SHA1,
				.digits = 6,
				.period = 30,
				.offset = -1,
				.secret_length = 20};
	memset(token->secret, (int)mark, token->secret_length);
	record->token_count = 1;
	record->next_token_id = 2;
	record->made = 1700000000;
	record->backup = (struct backup_set){.id = 1, .made = 5, .iterations = 1000, .count = 2};
	memset(record->backup.hash, (int)mark, (size_t)2 * SHA256_BYTES);
	record->next_set_id = 2;
}

static inline enum status enroll_under_lock(struct scene *s, unsigned mark)
{
	static const struct token_use uses[TOKENS_MAX] = {{.id = 1, .last_step = 7}};

	enrollment_clear(&s->enrollment);
	assert_ok(enrollment_new(&s->enrollment));
	fill_record(s->enrollment.record, mark);
	enum status result = account_enroll(&s->account, &s->enrollment, uses, 0);
	enrollment_clear(&s->enrollment);
	return result;
}

static inline void enroll_alice(struct scene *s, unsigned mark)
{
	assert_ok(account_lock_own(&s->store, &s->alice, &s->account));
	assert_ok(enroll_under_lock(s, mark));
	account_unlock(&s->account);
}

/* What a login does: lock, load, open the enrollment. *mark is the secret's byte. */
static inline enum status login(struct scene *s, const struct who *who, unsigned *mark)
{
	enum status result = account_lock(&s->store, who, &s->account);

	if (result == ST_OK)
		result = account_enrollment(&s->account, &s->enrollment);
	if (result == ST_OK && mark)
		*mark = s->enrollment.record->tokens[0].secret[0];
	enrollment_clear(&s->enrollment);
	return result;
}

static inline enum status login_once(struct scene *s, unsigned *mark)
{
	enum status result = login(s, &s->alice, mark);

	account_unlock(&s->account);
	return result;
}

/* A sanitizer makes calls of its own in traced children. */
static inline bool is_sanitized(void)
{
	const char *sanitizers = getenv("KLING_SANITIZERS");

	if (!sanitizers || !*sanitizers)
		return false;
	print_message("left out below a sanitizer\n");
	return true;
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_new, scene_end)
#define IN_EMPTY(test) cmocka_unit_test_setup_teardown(test, scene_empty, scene_end)

#endif
