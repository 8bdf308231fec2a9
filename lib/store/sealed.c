/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/sealed.h"

#include "lib/base/number.h"
#include "lib/base/text.h"
#include "lib/crypto/seal.h"

#include <string.h>

static const char magic[] = "kling ";
static const char version[] = " 1\n";

static void add_hex(struct text *text, const char *word, const uint8_t *bytes, size_t length)
{
	char digits[2 * HOST_ID_BYTES + 1];

	hex_format(bytes, length, digits);
	text_add(text, word);
	text_add(text, digits);
	text_add(text, "\n");
}

static void add_number(struct text *text, const char *word, uint64_t number)
{
	text_add(text, word);
	text_add_number(text, number);
	text_add(text, "\n");
}

static size_t compose(const struct sealed_head *head, char out[SEALED_HEAD_MAX])
{
	struct text text = {out, SEALED_HEAD_MAX, 0, false};

	text_add(&text, magic);
	text_add(&text, purpose_name(head->purpose));
	text_add(&text, version);
	add_hex(&text, "key ", head->key.bytes, KEY_ID_BYTES);
	add_hex(&text, "host ", head->host, HOST_ID_BYTES);
	add_number(&text, "uid ", head->uid);
	text_add(&text, "name ");
	text_add(&text, head->file_name);
	text_add(&text, "\n");
	add_number(&text, "generation ", head->generation);
	add_number(&text, "sealed ", head->length);
	text_add(&text, "\n");
	return text.length;
}

/* The rest of a line behind `word`, cut off in place; NULL when the line does not begin so. */
static char *take_line(char **at, const char *word)
{
	size_t length = strlen(word);
	char *end = strchr(*at, '\n');

	if (!end || strncmp(*at, word, length) != 0)
		return NULL;
	char *value = *at + length;
	*end = '\0';
	*at = end + 1;
	return value;
}

static bool take_hex(char **at, const char *word, uint8_t *out, size_t length)
{
	const char *value = take_line(at, word);

	return value && hex_parse(value, out, length) == ST_OK;
}

static bool take_number(char **at, const char *word, uint64_t high, uint64_t *out)
{
	const char *value = take_line(at, word);

	return value && number_parse(value, 0, high, out) == ST_OK;
}

static bool take_purpose(char **at, enum purpose *purpose)
{
	const char *value = take_line(at, magic);

	for (int i = PURPOSE_ENROLLMENT; value && i < PURPOSE_COUNT; i++) {
		const char *name = purpose_name((enum purpose)i);
		size_t length = strlen(name);
		if (strncmp(value, name, length) == 0 && strcmp(value + length, " 1") == 0) {
			*purpose = (enum purpose)i;
			return true;
		}
	}
	return false;
}

static bool take_name(char **at, char out[FILE_NAME_BYTES])
{
	const char *value = take_line(at, "name ");
	char name[FILE_NAME_BYTES];

	if (!value || strlen(value) >= FILE_NAME_BYTES ||
	    account_name_of_file(value, name) != ST_OK)
		return false;
	memcpy(out, value, strlen(value) + 1);
	return true;
}

static bool take_head(char *text, struct sealed_head *head)
{
	uint64_t uid = 0;
	uint64_t length = 0;
	bool ok = take_purpose(&text, &head->purpose) &&
		  take_hex(&text, "key ", head->key.bytes, KEY_ID_BYTES) &&
		  take_hex(&text, "host ", head->host, HOST_ID_BYTES) &&
		  take_number(&text, "uid ", UINT32_MAX, &uid) &&
		  take_name(&text, head->file_name) &&
		  take_number(&text, "generation ", UINT64_MAX, &head->generation) &&
		  take_number(&text, "sealed ", UINT32_MAX, &length);

	head->uid = (uint32_t)uid;
	head->length = (uint32_t)length;
	return ok && strcmp(text, "\n") == 0;
}

/* Where the header ends: behind its empty line. */
static size_t head_length(const uint8_t *bytes, size_t length)
{
	size_t limit = length < SEALED_HEAD_MAX - 1 ? length : SEALED_HEAD_MAX - 1;
	const uint8_t *end = memmem(bytes, limit, "\n\n", 2);

	return end ? (size_t)(end - bytes) + 2 : 0;
}

enum status sealed_parse(const uint8_t *bytes, size_t length, struct sealed_head *head,
			 size_t *blob)
{
	char text[SEALED_HEAD_MAX];
	size_t end = head_length(bytes, length);

	memset(head, 0, sizeof(*head));
	*blob = end;
	if (end == 0)
		return ST_CORRUPT;
	memcpy(text, bytes, end);
	text[end] = '\0';
	if (!take_head(text, head) || head->length != length - end)
		return ST_CORRUPT;
	/* One way only to write a header: no leading zeros, no upper case, no NUL within. */
	if (compose(head, text) != end || memcmp(text, bytes, end) != 0)
		return ST_CORRUPT;
	return ST_OK;
}

static void seal_key(const struct keyring *keyring, size_t index, const struct sealed_head *head,
		     uint8_t key[SEAL_KEY_BYTES])
{
	char uid[24];
	struct text text = TEXT_IN(uid);

	text_add_number(&text, head->uid);
	const struct span subject[] = {{head->file_name, strlen(head->file_name)},
				       {uid, text.length}};
	keyring_subkey(keyring, index, head->purpose, subject, 2, key);
}

static enum status find_key(const struct keyring *keyring, const struct sealed_head *head,
			    size_t *index)
{
	const uint8_t *host = keyring->heads[keyring->current].host;
	enum status s = keyring_find(keyring, &head->key, index);

	if (s == ST_KEY_MISSING && memcmp(head->host, host, HOST_ID_BYTES) != 0)
		return ST_OWNER;
	return s;
}

static bool belongs(const struct keyring *keyring, const struct sealed_head *wanted,
		    const struct sealed_head *head)
{
	const uint8_t *host = keyring->heads[keyring->current].host;

	return memcmp(head->host, host, HOST_ID_BYTES) == 0 && head->purpose == wanted->purpose &&
	       head->uid == wanted->uid && strcmp(head->file_name, wanted->file_name) == 0;
}

enum status sealed_read(const struct keyring *keyring, const struct sealed_head *wanted,
			const uint8_t *bytes, size_t length, struct sealed_head *head,
			struct secret *plain)
{
	uint8_t key[SEAL_KEY_BYTES];
	size_t blob = 0;
	size_t index = 0;
	enum status s = sealed_parse(bytes, length, head, &blob);

	*plain = SECRET_IN(keyring->secrets.vault);
	if (s == ST_OK)
		s = find_key(keyring, head, &index);
	if (s != ST_OK)
		return s;
	seal_key(keyring, index, head, key);
	s = unseal(key, bytes, blob, bytes + blob, length - blob, plain);
	wipe(key, sizeof(key));
	if (s == ST_OK && !belongs(keyring, wanted, head)) {
		secret_clear(plain);
		return ST_OWNER;
	}
	return s;
}

enum status sealed_write(const struct keyring *keyring, const struct sealed_head *head,
			 const struct secret *plain, uint8_t *bytes, size_t size, size_t *length)
{
	const struct key_head *current = &keyring->heads[keyring->current];
	struct sealed_head full = *head;
	char text[SEALED_HEAD_MAX];
	uint8_t key[SEAL_KEY_BYTES];

	full.key = current->id;
	memcpy(full.host, current->host, HOST_ID_BYTES);
	full.length = (uint32_t)(plain->length + SEAL_OVERHEAD);
	size_t begin = compose(&full, text);
	*length = begin + plain->length + SEAL_OVERHEAD;
	if (*length > size)
		return ST_TOO_BIG;
	memcpy(bytes, text, begin);
	seal_key(keyring, keyring->current, &full, key);
	enum status s = seal(key, text, begin, plain->bytes, plain->length, bytes + begin);
	wipe(key, sizeof(key));
	return s;
}
