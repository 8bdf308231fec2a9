/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_LIVE_STATE_H
#define KLING_STORE_LIVE_STATE_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "policy/address.h"
#include "policy/deadline.h"
#include "policy/lockout.h"
#include "policy/replay.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATE_SLOT_BYTES = 8192, STATE_BYTES = 2 * STATE_SLOT_BYTES, SERVICE_MAX = 31 };

/* A login that was seen: when, from where, through which service. when 0: none. */
struct sighting {
	int64_t when;
	struct address from;
	char service[SERVICE_MAX + 1];
};

/* What the session shows: written with an accepted login, before its own traces. */
struct report {
	struct sighting last_login;
	struct sighting last_failure;
	uint32_t failures;
};

/* Log lines about nobody in particular, counted so that a flood stays out of the log. */
struct noise {
	int64_t since; /* wall clock */
	uint32_t lines;
};

/* Everything that changes with logins. No secret is in it. */
struct live_state {
	uint64_t generation;         /* of the enrollment it belongs to; 0: none yet */
	uint64_t pending_generation; /* an enrollment being written; 0: none */
	struct token_use tokens[TOKENS_MAX];
	uint32_t spent;                              /* a bit for each backup code */
	struct token_use pending_tokens[TOKENS_MAX]; /* what holds once the pending one is there */
	uint32_t pending_spent;
	int64_t pending_highest; /* 0: highest_accepted stays */
	struct ledgers ledgers;
	/*
	 * One slot was lost and the repair of DESIGN section 4 (charge one failure, exhaust the
	 * steps) is still due. account_lock sets it when a slot does not verify; it is stored by
	 * every commit, so that no writer can overwrite the damage without the repair; whoever
	 * repairs clears it.
	 */
	bool repair_due;
	struct grace grace;
	int64_t highest_accepted; /* wall clock of the latest accepted code */
	struct sighting last_login;
	struct sighting last_failure;
	uint32_t failures; /* since the last login */
	struct report shown;
	struct sighting
	    enrolled_at; /* when and from where the factor was set up in a login; shown once */
	bool enrolled_shown;
	struct noise noise;
};

enum state_kind {
	STATE_OF_USER = 1,       /* users/NAME/state */
	STATE_OF_UNENROLLED = 2, /* a slot of the table */
	STATE_OF_UNKNOWN = 3,
};

/* Whose record it is; all of it is authenticated with the content. */
struct state_identity {
	uint32_t kind; /* enum state_kind */
	uint32_t uid;  /* the user's, or the slot's index in its table */
	uint8_t host[16];
	uint8_t name_hash[32]; /* SHA-256 of the name; zero in tables */
	uint8_t key_id[8];     /* whose MAC it bears */
};

/* The one with the higher sequence is the state. */
struct slot_stamp {
	uint64_t sequence;
	bool is_soft; /* written without a flush: the other slot is what a power cut leaves */
};

/* What a slot says of itself before anything is verified: only good for finding the MAC's key. */
enum status live_state_claim(const uint8_t slot[STATE_SLOT_BYTES],
			     struct state_identity *identity) MUST_USE;

/* Bytes of one slot; MAC included. ST_TOO_BIG never happens for states within the limits of
 * policy. Unused bytes are zero. */
enum status live_state_write(const struct live_state *state, const struct slot_stamp *stamp,
			     const struct state_identity *identity, const uint8_t mac_key[32],
			     uint8_t slot[STATE_SLOT_BYTES]) MUST_USE;

/*
 * Whether a slot is whole and whose it must be. ST_CORRUPT: damaged, truncated, unknown version, or
 * bytes behind the end that are not zero. ST_OWNER: authentic, another identity's.
 */
enum status live_state_verify(const uint8_t slot[STATE_SLOT_BYTES],
			      const struct state_identity *identity, const uint8_t mac_key[32],
			      struct slot_stamp *stamp) MUST_USE;

/* The state out of a slot that was verified. ST_CORRUPT: nothing that live_state_write writes. */
enum status live_state_decode(const uint8_t slot[STATE_SLOT_BYTES],
			      struct live_state *state) MUST_USE;

#endif
