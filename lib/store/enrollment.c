/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/enrollment.h"

#include "lib/store/bytes.h"

#include <string.h>

/* docs/FORMAT.md describes what stands here. */
enum { VERSION = 1, ENCODED_MAX = 4096 };

enum tag {
	TAG_CORE = 1,
	TAG_TOKEN, /* one for each */
	TAG_BACKUP,
};

enum status enrollment_new(struct enrollment *enrollment)
{
	*enrollment = (struct enrollment){SECRET_EMPTY, NULL};
	enum status s = secret_new(&enrollment->pages, sizeof(struct enrollment_record));
	if (s != ST_OK)
		return s;
	enrollment->pages.length = sizeof(struct enrollment_record);
	enrollment->record = (void *)enrollment->pages.bytes;
	memset(enrollment->record, 0, sizeof(*enrollment->record));
	enrollment->record->next_token_id = 1;
	enrollment->record->next_set_id = 1;
	return ST_OK;
}

void enrollment_clear(struct enrollment *enrollment)
{
	secret_clear(&enrollment->pages);
	enrollment->record = NULL;
}

static bool is_label(const char *label)
{
	size_t length = strnlen(label, TOKEN_LABEL_MAX + 1);

	return length <= TOKEN_LABEL_MAX;
}

static bool token_is_sound(const struct token *token, uint32_t next_id)
{
	return token->id > 0 && token->id < next_id && is_label(token->label) &&
	       token->algorithm >= TOKEN_SHA1 && token->algorithm <= TOKEN_SHA512 &&
	       token->digits >= 6 && token->digits <= 8 && token->period >= TOKEN_PERIOD_MIN &&
	       token->period <= TOKEN_PERIOD_MAX && token->secret_length >= TOKEN_SECRET_MIN &&
	       token->secret_length <= TOKEN_SECRET_MAX;
}

static bool ids_differ(const struct enrollment_record *record)
{
	for (size_t i = 0; i < record->token_count; i++)
		for (size_t j = i + 1; j < record->token_count; j++)
			if (record->tokens[i].id == record->tokens[j].id)
				return false;
	return true;
}

static bool backup_is_sound(const struct backup_set *set, uint32_t next_id)
{
	if (set->count == 0)
		return true;
	return set->count <= BACKUP_CODES_MAX && set->id > 0 && set->id < next_id &&
	       set->iterations > 0 && set->iterations <= BACKUP_ITERATIONS_MAX;
}

static bool record_is_sound(const struct enrollment_record *record)
{
	if (record->token_count > TOKENS_MAX || record->next_token_id == 0 ||
	    record->next_set_id == 0 || (record->token_count == 0 && record->backup.count == 0))
		return false;
	for (size_t i = 0; i < record->token_count; i++)
		if (!token_is_sound(&record->tokens[i], record->next_token_id))
			return false;
	return ids_differ(record) && backup_is_sound(&record->backup, record->next_set_id);
}

static void put_core(struct writer *w, const struct enrollment_record *record)
{
	size_t field = put_field(w, TAG_CORE);

	put_u64(w, record->generation);
	put_i64(w, record->made);
	put_u32(w, record->next_token_id);
	put_u32(w, record->next_set_id);
	put_field_end(w, field);
}

static void put_token(struct writer *w, const struct token *token)
{
	size_t field = put_field(w, TAG_TOKEN);
	size_t label = strlen(token->label);

	put_u32(w, token->id);
	put_u8(w, token->algorithm);
	put_u8(w, token->digits);
	put_u16(w, token->period);
	put_u32(w, (uint32_t)token->offset);
	put_u8(w, (unsigned)label);
	put_bytes(w, token->label, label);
	put_u8(w, token->secret_length);
	put_bytes(w, token->secret, token->secret_length);
	put_field_end(w, field);
}

static void put_backup(struct writer *w, const struct backup_set *set)
{
	size_t field = put_field(w, TAG_BACKUP);

	put_u32(w, set->id);
	put_i64(w, set->made);
	put_bytes(w, set->salt, sizeof(set->salt));
	put_u32(w, set->iterations);
	put_u8(w, set->count);
	for (size_t i = 0; i < set->count; i++)
		put_bytes(w, set->hash[i], SHA256_BYTES);
	put_field_end(w, field);
}

enum status enrollment_encode(const struct enrollment_record *record, struct secret *plain)
{
	*plain = SECRET_EMPTY;
	if (!record_is_sound(record))
		return ST_RANGE;
	enum status s = secret_new(plain, ENCODED_MAX);
	if (s != ST_OK)
		return s;
	struct writer w = {plain->bytes, ENCODED_MAX, 0, false};
	put_u32(&w, VERSION);
	put_core(&w, record);
	for (size_t i = 0; i < record->token_count; i++)
		put_token(&w, &record->tokens[i]);
	if (record->backup.count)
		put_backup(&w, &record->backup);
	plain->length = w.length;
	return w.full ? ST_TOO_BIG : ST_OK;
}

static void get_core(struct reader *r, struct enrollment_record *record)
{
	record->generation = get_u64(r);
	record->made = get_i64(r);
	record->next_token_id = get_u32(r);
	record->next_set_id = get_u32(r);
}

/* Bytes behind a length of one byte, at most `most`. */
static size_t get_run(struct reader *r, void *bytes, size_t most)
{
	size_t length = get_u8(r);

	if (length > most) {
		r->bad = true;
		return 0;
	}
	get_bytes(r, bytes, length);
	return length;
}

static void get_token(struct reader *r, struct enrollment_record *record)
{
	if (record->token_count == TOKENS_MAX) {
		r->bad = true;
		return;
	}
	struct token *token = &record->tokens[record->token_count++];
	token->id = get_u32(r);
	token->algorithm = get_u8(r);
	token->digits = get_u8(r);
	token->period = get_u16(r);
	token->offset = (int32_t)get_u32(r);
	size_t label = get_run(r, token->label, TOKEN_LABEL_MAX);
	r->bad = r->bad || strlen(token->label) != label;
	token->secret_length = (uint8_t)get_run(r, token->secret, TOKEN_SECRET_MAX);
}

static void get_backup(struct reader *r, struct backup_set *set)
{
	set->id = get_u32(r);
	set->made = get_i64(r);
	get_bytes(r, set->salt, sizeof(set->salt));
	set->iterations = get_u32(r);
	set->count = get_u8(r);
	if (set->count == 0 || set->count > BACKUP_CODES_MAX) {
		r->bad = true;
		return;
	}
	for (size_t i = 0; i < set->count; i++)
		get_bytes(r, set->hash[i], SHA256_BYTES);
}

static bool get_value(struct enrollment_record *record, unsigned tag, struct reader *value)
{
	switch (tag) {
	case TAG_CORE:
		get_core(value, record);
		break;
	case TAG_TOKEN:
		get_token(value, record);
		break;
	case TAG_BACKUP:
		get_backup(value, &record->backup);
		break;
	default:
		return tag & TAG_MAY_SKIP;
	}
	return is_read(value);
}

static enum status get_record(struct reader *r, struct enrollment_record *record)
{
	struct reader value;
	unsigned last = 0;
	unsigned tag = 0;

	if (get_u32(r) != VERSION)
		return ST_CORRUPT;
	memset(record, 0, sizeof(*record));
	while (get_field(r, &tag, &value)) {
		bool follows = tag > last || (tag == TAG_TOKEN && last == TAG_TOKEN);
		if (!follows || !get_value(record, tag, &value))
			return ST_CORRUPT;
		last = tag;
	}
	return is_read(r) && record_is_sound(record) ? ST_OK : ST_CORRUPT;
}

/* Room for a record behind `used` bytes, aligned. What was encoded stays before it. */
static enum status make_room(struct secret *pages, size_t used, size_t *place)
{
	static const uint8_t none[sizeof(struct enrollment_record) + 64];

	*place = (used + 63) / 64 * 64;
	size_t needed = *place + sizeof(struct enrollment_record) - pages->length;
	return secret_append(pages, none, needed);
}

enum status enrollment_decode(struct secret *plain, struct enrollment *enrollment)
{
	size_t used = plain->length;
	size_t place = 0;

	*enrollment = (struct enrollment){SECRET_EMPTY, NULL};
	secret_move(&enrollment->pages, plain);
	enum status s = make_room(&enrollment->pages, used, &place);
	if (s == ST_OK) {
		struct reader r = {enrollment->pages.bytes, used, false};
		enrollment->record = (void *)(enrollment->pages.bytes + place);
		s = get_record(&r, enrollment->record);
	}
	if (s != ST_OK)
		enrollment_clear(enrollment);
	return s;
}
