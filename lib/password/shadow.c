/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/password/history.h"

#include <errno.h>
#include <shadow.h>
#include <string.h>

enum { ROOM_FIRST = 1024, ROOM_MAX = 65536 };

static enum status status_of(int error)
{
	switch (error) {
	case 0:
	case ENOENT:
		return ST_MISSING;
	case ENOMEM:
		return ST_NOMEM;
	default:
		return ST_LOOKUP;
	}
}

/* The entry in room that is large enough. */
static enum status find(const char *user, struct secret *room, struct spwd *entry)
{
	for (size_t size = ROOM_FIRST; size <= ROOM_MAX; size *= 4) {
		struct spwd *found = NULL;
		enum status s = secret_new(room, size);

		if (s != ST_OK)
			return s;
		int error = getspnam_r(user, entry, (char *)room->bytes, room->capacity, &found);
		if (error == 0 && found)
			return ST_OK;
		if (error != ERANGE)
			return status_of(error);
	}
	return ST_LOOKUP;
}

enum status shadow_hash(const char *user, struct secret *hash)
{
	AUTO_SECRET room = SECRET_EMPTY;
	struct spwd entry;
	const char *text;
	enum status s = find(user, &room, &entry);

	if (s != ST_OK)
		return s;
	text = entry.sp_pwdp + strspn(entry.sp_pwdp, "!");
	if (strlen(text) < 13 || text[0] == '*')
		return ST_MISSING;
	return secret_copy(hash, text, strlen(text) + 1);
}
