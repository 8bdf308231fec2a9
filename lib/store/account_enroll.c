/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account_parts.h"

#include "lib/base/cleanup.h"
#include "lib/crypto/seal.h"
#include "lib/store/directory.h"
#include "lib/store/safe_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct sealed_name sealed_enrollment = {ENROLLMENT_FILE, PURPOSE_ENROLLMENT,
					      ENROLLMENT_FILE_MAX};
const struct sealed_name sealed_history = {HISTORY_FILE, PURPOSE_HISTORY,
					   SEALED_HEAD_MAX + HISTORY_MAX + SEAL_OVERHEAD};

static void describe(const struct account *account, const struct sealed_name *name,
		     uint64_t generation, struct sealed_head *head)
{
	memset(head, 0, sizeof(*head));
	head->purpose = name->purpose;
	head->uid = account->who.uid;
	head->generation = generation;
	memcpy(head->file_name, account->file_name, sizeof(head->file_name));
}

enum status account_unseal(const struct account *account, const struct sealed_name *name,
			   struct sealed_head *head, struct secret *plain)
{
	struct sealed_head wanted;
	size_t length = 0;
	AUTO_TEXT bytes = malloc(name->max);

	if (!bytes)
		return ST_NOMEM;
	enum status s = safe_file_read(account->directory, name->file, account->store->owner,
				       (uint8_t *)bytes, name->max, &length);
	if (s != ST_OK)
		return s;
	describe(account, name, 0, &wanted);
	return sealed_read(&account->store->keyring, &wanted, (uint8_t *)bytes, length, head,
			   plain);
}

/* The bytes of a sealed file, in memory. */
struct sealed_bytes {
	uint8_t *bytes;
	size_t length;
};

static void sealed_bytes_free(struct sealed_bytes *sealed)
{
	free(sealed->bytes);
}

static enum status seal_bytes(const struct account *account, const struct sealed_name *name,
			      uint64_t generation, const struct secret *plain,
			      struct sealed_bytes *sealed)
{
	struct sealed_head head;

	sealed->bytes = malloc(name->max);
	if (!sealed->bytes)
		return ST_NOMEM;
	describe(account, name, generation, &head);
	return sealed_write(&account->store->keyring, &head, plain, sealed->bytes, name->max,
			    &sealed->length);
}

enum status account_seal(const struct account *account, const struct sealed_name *name,
			 uint64_t generation, const struct secret *plain)
{
	AT_SCOPE_END(sealed_bytes_free) struct sealed_bytes sealed = {NULL, 0};
	bool replaced = false;
	enum status s = seal_bytes(account, name, generation, plain, &sealed);

	if (s != ST_OK)
		return s;
	return safe_file_replace(account->directory, name->file, sealed.bytes, sealed.length,
				 &replaced);
}

static enum status read_enrollment(const struct account *account, struct enrollment *enrollment)
{
	struct sealed_head head;
	AUTO_SECRET plain = SECRET_EMPTY;
	enum status s = account_unseal(account, &sealed_enrollment, &head, &plain);

	*enrollment = (struct enrollment){SECRET_EMPTY, NULL};
	if (s == ST_OK)
		s = enrollment_decode(&plain, enrollment);
	if (s == ST_OK && enrollment->record->generation != head.generation) {
		enrollment_clear(enrollment);
		return ST_CORRUPT;
	}
	return s;
}

/* A writer died between the rename and its last word: what it announced holds now. */
static void adopt(struct live_state *state)
{
	state->generation = state->pending_generation;
	memcpy(state->tokens, state->pending_tokens, sizeof(state->tokens));
	state->spent = state->pending_spent;
	if (state->pending_highest)
		state->highest_accepted = state->pending_highest;
	state->pending_generation = 0;
	state->pending_spent = 0;
	state->pending_highest = 0;
	memset(state->pending_tokens, 0, sizeof(state->pending_tokens));
}

enum status account_enrollment(struct account *account, struct enrollment *enrollment)
{
	*enrollment = (struct enrollment){SECRET_EMPTY, NULL};
	if (account->kind != ACCOUNT_USER)
		return ST_MISSING;
	enum status s = read_enrollment(account, enrollment);
	if (s != ST_OK)
		return s;
	uint64_t generation = enrollment->record->generation;
	if (generation == account->state->generation)
		return ST_OK;
	if (generation != account->state->pending_generation) {
		enrollment_clear(enrollment);
		return ST_CORRUPT;
	}
	/* Whoever died may have died before his flush: what is adopted must not vanish again. */
	s = safe_file_flush(account->directory);
	if (s != ST_OK) {
		enrollment_clear(enrollment);
		return s;
	}
	adopt(account->state);
	return ST_OK;
}

enum status account_peek(struct store *store, const struct who *who, struct enrollment *enrollment)
{
	AUTO_ACCOUNT account;
	enum status s = account_begin(store, who, &account);

	*enrollment = (struct enrollment){SECRET_EMPTY, NULL};
	if (s == ST_OK && !who->exists)
		s = ST_MISSING;
	if (s == ST_OK)
		s = store_refresh(store);
	if (s == ST_OK)
		s = directory_open_at(store->users, account.file_name, store->owner,
				      &account.directory);
	if (s != ST_OK)
		return s;
	return read_enrollment(&account, enrollment);
}

void account_pepper(const struct store *store, uint8_t pepper[SHA256_BYTES])
{
	keyring_lasting_subkey(&store->keyring, PURPOSE_PEPPER, pepper);
}

/* The enrollment as it lies on the disk, for putting it back. length 0: there was none. */
struct former {
	uint8_t bytes[ENROLLMENT_FILE_MAX];
	size_t length;
};

static enum status remember(const struct account *account, struct former *former)
{
	former->length = 0;
	enum status s = safe_file_read(account->directory, ENROLLMENT_FILE, account->store->owner,
				       former->bytes, sizeof(former->bytes), &former->length);
	/* One that is damaged cannot come back, and need not. */
	return s == ST_MISSING || s == ST_CORRUPT ? ST_OK : s;
}

/* Best effort on a disk that just failed: without it the new enrollment holds, by adoption. */
static void put_back(const struct account *account, const struct former *former)
{
	bool replaced = false;
	int saved = errno;

	if (former->length == 0)
		(void)!safe_file_remove(account->directory, ENROLLMENT_FILE);
	else
		(void)!safe_file_replace(account->directory, ENROLLMENT_FILE, former->bytes,
					 former->length, &replaced);
	errno = saved;
}

static enum status announce(struct account *account, uint64_t generation,
			    const struct token_use uses[TOKENS_MAX], uint32_t spent,
			    int64_t highest)
{
	struct live_state *state = account->state;

	state->pending_generation = generation;
	memcpy(state->pending_tokens, uses, sizeof(state->pending_tokens));
	state->pending_spent = spent;
	state->pending_highest = highest;
	return account_commit(account);
}

/* Never one that was used, announced or burnt before. */
static uint64_t next_generation(const struct live_state *state)
{
	uint64_t last = state->generation;

	if (state->pending_generation > last)
		last = state->pending_generation;
	return last + 1;
}

/* It holds already, by what was announced: a failure here takes nothing back. */
static void finalise(struct account *account)
{
	adopt(account->state);
	(void)!account_commit(account);
}

static enum status replace_enrollment(struct account *account, const struct sealed_bytes *sealed,
				      const struct former *former)
{
	bool replaced = false;
	enum status s = safe_file_replace(account->directory, ENROLLMENT_FILE, sealed->bytes,
					  sealed->length, &replaced);

	if (s != ST_OK && replaced)
		put_back(account, former);
	return s;
}

/* All that needs memory or randomness comes before the first write. */
static enum status seal_record(const struct account *account,
			       const struct enrollment_record *record, struct sealed_bytes *sealed,
			       struct former *former)
{
	AUTO_SECRET plain = SECRET_EMPTY;
	enum status s = enrollment_encode(record, &plain);

	if (s == ST_OK)
		s = seal_bytes(account, &sealed_enrollment, record->generation, &plain, sealed);
	if (s == ST_OK)
		s = remember(account, former);
	return s;
}

enum status account_resync(struct account *account, struct enrollment *enrollment,
			   const struct token_use uses[TOKENS_MAX], uint32_t spent, int64_t highest)
{
	AT_SCOPE_END(sealed_bytes_free) struct sealed_bytes sealed = {NULL, 0};
	struct former former;

	if (account->kind != ACCOUNT_USER)
		return ST_INTERNAL;
	uint64_t generation = next_generation(account->state);
	enrollment->record->generation = generation;
	enum status s = seal_record(account, enrollment->record, &sealed, &former);
	if (s == ST_OK)
		s = announce(account, generation, uses, spent, highest);
	if (s == ST_OK)
		s = replace_enrollment(account, &sealed, &former);
	if (s == ST_OK)
		finalise(account);
	return s;
}

enum status account_enroll(struct account *account, struct enrollment *enrollment,
			   const struct token_use uses[TOKENS_MAX], uint32_t spent)
{
	return account_resync(account, enrollment, uses, spent, 0);
}

/* The number of what was removed never holds again, so that a copy of the file is worth nothing.
 * The removal itself is done, whether this succeeds or not. */
static void burn(struct account *account)
{
	struct live_state *state = account->state;

	state->generation = next_generation(state);
	state->pending_generation = 0;
	state->spent = 0;
	state->pending_spent = 0;
	state->pending_highest = 0;
	memset(state->tokens, 0, sizeof(state->tokens));
	memset(state->pending_tokens, 0, sizeof(state->pending_tokens));
	(void)!account_commit(account);
}

enum status account_withdraw(struct account *account)
{
	struct former former;

	if (account->kind != ACCOUNT_USER)
		return ST_MISSING;
	enum status s = remember(account, &former);
	if (s != ST_OK)
		return s;
	s = safe_file_remove(account->directory, ENROLLMENT_FILE);
	if (s == ST_OK)
		burn(account);
	else if (s != ST_MISSING && former.length)
		put_back(account, &former);
	return s;
}

enum status account_history_read(struct account *account, struct secret *bytes)
{
	struct sealed_head head;

	*bytes = SECRET_EMPTY;
	if (account->kind != ACCOUNT_USER)
		return ST_MISSING;
	return account_unseal(account, &sealed_history, &head, bytes);
}

enum status account_history_write(struct account *account, const struct secret *bytes)
{
	if (account->kind != ACCOUNT_USER)
		return ST_MISSING;
	if (bytes->length > HISTORY_MAX)
		return ST_TOO_BIG;
	return account_seal(account, &sealed_history, 0, bytes);
}
