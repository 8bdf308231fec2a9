/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/number.h"
#include "lib/store/table.h"
#include "tests/unit/store_scene.h"

#include <unistd.h>

/*
 * A store with a user whose every value is known, read by a program that was written from
 * docs/FORMAT.md alone.
 */
static const struct who PERSON = {"DOM\\al ice", 1234567, true};

static void fill_state(struct live_state *state)
{
	state->failures = 3;
	state->highest_accepted = 1700000001;
	state->pending_highest = 1699999999;
	state->noise = (struct noise){1700000002, 9};
	state->repair_due = true;
	state->grace = (struct grace){.start = 11, .extended = 22, .ended = true, .seen = 33};
	state->last_login = (struct sighting){44, {4, {192, 0, 2, 7}}, "sshd"};
	state->shown.failures = 5;
	state->ledgers.anchor = (struct moment){1700000003, 1000, {0xab}};
	state->ledgers.ledger[2] = (struct ledger){.in_use = true,
						   .source = {6, {0x20, 0x01, 0x0d, 0xb8}},
						   .uid = 6,
						   .last_use = -7,
						   .code_failures = 8,
						   .code_run = 9,
						   .doublings = 10,
						   .code_locked_until = 11,
						   .password_locked_until = INT64_MAX,
						   .attempt_count = 2,
						   .attempts = {{900, 77, 78}, {1001, 0, 0}}};
}

static void make_person(struct scene *s)
{
	AUTO_SECRET history = SECRET_EMPTY;

	s->alice = PERSON;
	enroll_alice(s, 0x41);
	assert_ok(secret_copy(&history, "former passwords", 16));
	assert_ok(account_lock(&s->store, &PERSON, &s->account));
	assert_ok(account_history_write(&s->account, &history));
	fill_state(s->account.state);
	assert_ok(account_commit_both(&s->account));
	s->account.state->spent = 2;
	assert_ok(account_commit_soft(&s->account));
	account_unlock(&s->account);
}

static const char expected[] =
    "state sequence=7 uid=1234567 flags=1\n"
    "core generation=1 pending=0 spent=2 pending_spent=0 highest=1700000001 failures=3 "
    "since=1700000002 lines=9 flags=2\n"
    "tokens 1:7:0:0 0:0:0:0 0:0:0:0 0:0:0:0\n"
    "grace start=11 extended=22 seen=33 flags=1\n"
    "sightings 44/192.0.2.7/sshd 0/-/ 0/-/ 0/-/ 0/-/ 5\n"
    "anchor wall=1700000003 boot=1000 id=ab000000000000000000000000000000\n"
    "ledger 2 flags=1 family=6 address=20010db8 uid=6 use=-7 "
    "counts=8,9,10,11,9223372036854775807 attempts=-100:77:78,1:0:0\n"
    "pending highest=1699999999\n"
    "enrollment generation=1 made=1700000000 next=2,2\n"
    "token id=1 algorithm=1 digits=6 period=30 offset=-1 label=phone "
    "secret=4141414141414141414141414141414141414141\n"
    "codes id=1 made=5 iterations=1000\n"
    "hashes 41414141 41414141\n"
    "history former passwords\n";

static void another_reader_understands_it(void **state)
{
	struct scene *s = *state;
	char command[1024];
	char wanted[4096];
	char found[4096] = "";
	char digits[2 * SHA256_BYTES + 1];
	uint8_t pepper[SHA256_BYTES];

	make_person(s);
	account_pepper(&s->store, pepper);
	hex_format(pepper, sizeof(pepper), digits);
	snprintf(wanted, sizeof(wanted), "%spepper %s\nslot %u\n", expected, digits,
		 table_slot(&s->store.keyring, STATE_OF_UNKNOWN, "stranger"));
	snprintf(command, sizeof(command),
		 "python3 '%s/tests/format/read_store.py' '%s' '%s' 'DOM\\al ice'",
		 getenv("abs_top_srcdir"), s->key_dir, s->state_dir);
	FILE *reader = popen(command, "r");
	assert_non_null(reader);
	found[fread(found, 1, sizeof(found) - 1, reader)] = '\0';
	assert_int_equal(pclose(reader), 0);
	assert_string_equal(found, wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {IN_SCENE(another_reader_understands_it)};

	if (!getenv("abs_top_srcdir") || system("python3 -c '' >/dev/null 2>&1") != 0) {
		print_message("left out: no python3, or not run by make check\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
