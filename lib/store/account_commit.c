/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/account_parts.h"

#include "lib/store/safe_file.h"

#include <errno.h>

/*
 * At any time one slot is on the disk, whole: the one that is not being written. So a slot that
 * was written without a flush is the one to be written again, and the other one stays as it is.
 */
static unsigned next_slot(const struct account *account)
{
	return account->stamp.is_soft && !account->was_damaged ? account->slot : 1 - account->slot;
}

static enum status write_slot(struct account *account, unsigned slot,
			      const struct slot_stamp *stamp)
{
	uint8_t *bytes = account->room->bytes;
	enum status s =
	    live_state_write(account->state, stamp, &account->identity, account->mac_key, bytes);

	if (s != ST_OK)
		return s;
	return safe_file_write_at(account->file, account->offset + (off_t)slot * STATE_SLOT_BYTES,
				  bytes, STATE_SLOT_BYTES);
}

static enum status commit(struct account *account, bool soft)
{
	struct slot_stamp stamp = {account->stamp.sequence + 1, soft};
	unsigned slot = next_slot(account);
	enum status s = ST_OK;

	/* The only whole slot is not on the disk yet. */
	if (account->stamp.is_soft && account->was_damaged)
		s = safe_file_flush_data(account->file);
	if (s == ST_OK)
		s = write_slot(account, slot, &stamp);
	if (s == ST_OK && !soft)
		s = safe_file_flush_data(account->file);
	if (s != ST_OK)
		return s;
	account->slot = slot;
	account->stamp = stamp;
	account->was_damaged = false;
	return ST_OK;
}

bool account_may_commit(const struct account *account)
{
	return safe_file_may_reach(account->offset + STATE_BYTES);
}

enum status account_commit(struct account *account)
{
	return commit(account, false);
}

enum status account_commit_soft(struct account *account)
{
	return commit(account, true);
}

enum status account_commit_both(struct account *account)
{
	enum status s = commit(account, false);

	return s == ST_OK ? commit(account, false) : s;
}

enum status account_change(struct account *account, const struct live_state *before)
{
	enum status s = commit(account, false);

	if (s == ST_OK) {
		(void)!commit(account, false);
		return ST_OK;
	}
	int saved = errno;
	*account->state = *before;
	(void)!commit(account, false);
	errno = saved;
	return s;
}
