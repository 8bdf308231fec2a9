/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/base/stack.h"
#include "lib/crypto/derive.h"
#include "lib/crypto/seal.h"
#include "lib/factor/backup.h"
#include "lib/factor/totp.h"

#include <liboath/oath.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cmocka.h>

/*
 * SEC-01, SEC-02: each operation runs on a stack of its own, which is then searched for what the
 * operation worked with. The secrets themselves live elsewhere.
 */
enum { STACK = 256 * 1024, PAINT = 0xd7 };

static uint8_t *stack;
static ucontext_t here, there;

static const uint8_t KEY[32] = "a key that is seen nowhere else.";
static const char PLAIN[] = "a text that is seen nowhere else, of more than one block";
static const char PASSWORD[] = "KEPTNOWHERE00000";
static struct token token = {.id = 1,
			     .algorithm = TOKEN_SHA1,
			     .digits = 8,
			     .period = 30,
			     .secret_length = 20,
			     .secret = "12345678901234567890"};
static char code[9];
static uint8_t sealed[sizeof(PLAIN) + SEAL_OVERHEAD];
static uint8_t result[SHA256_BYTES];
static struct secret opened;
static struct matches matches;
static struct backup_guess guess;
static struct secret canonical;
static enum status last;

static int make_stack(void **state)
{
	(void)state;
	stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return stack == MAP_FAILED ? -1 : 0;
}

static void run_on_stack(void (*operation)(void))
{
	memset(stack, PAINT, STACK);
	assert_int_equal(getcontext(&there), 0);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK;
	there.uc_link = &here;
	makecontext(&there, operation, 0);
	assert_int_equal(swapcontext(&here, &there), 0);
}

static bool stack_holds(const void *bytes, size_t length)
{
	return memmem(stack, STACK, bytes, length) != NULL;
}

/* How far down the stack anything was written. */
static size_t depth(void)
{
	size_t untouched = 0;

	while (untouched < STACK && stack[untouched] == PAINT)
		untouched++;
	return STACK - untouched;
}

static void bare_oath(void)
{
	oath_totp_generate2((const char *)token.secret, token.secret_length, 1000, 1, 0, 8, 0,
			    code);
}

static void deepest_oath(void)
{
	oath_totp_generate2((const char *)token.secret, token.secret_length, 1000, 1, 0, 8,
			    OATH_TOTP_HMAC_SHA512, code);
}

static void of_totp_code(void)
{
	last = totp_code(&token, 1000, code);
}

static void of_totp_match(void)
{
	last = totp_match(&token, 1, 30000, 1, code, 8, &matches);
}

static void of_seal(void)
{
	last = seal(KEY, "head", 4, PLAIN, sizeof(PLAIN), sealed);
}

static void of_unseal(void)
{
	last = unseal(KEY, "head", 4, sealed, sizeof(sealed), &opened);
}

static void of_mac(void)
{
	mac_sha256(KEY, sizeof(KEY), &(struct span){PLAIN, sizeof(PLAIN)}, 1, result);
}

static void of_subkey(void)
{
	derive_subkey(KEY, sizeof(KEY), &(struct span){"info", 4}, 1, result);
}

static void of_password(void)
{
	derive_password(PASSWORD, 16, "salt", 4, 3, result);
}

static void of_backup(void)
{
	static const struct backup_set set = {.id = 1, .count = 10, .iterations = 3};

	backup_derive(&canonical, set.salt, set.iterations, &guess);
	last = backup_find(&set, &guess, KEY) == -1 ? ST_OK : ST_INTERNAL;
}

/* What the compression works on: the key and the pads of it, words turned round as well. */
static bool stack_holds_key(const uint8_t *key)
{
	static const uint8_t pads[] = {0x00, 0x36, 0x5c};
	bool found = false;

	for (size_t p = 0; p < sizeof(pads); p++) {
		uint8_t padded[8], turned[8];
		for (size_t i = 0; i < 8; i++)
			padded[i] = key[i] ^ pads[p];
		for (size_t i = 0; i < 8; i++)
			turned[i] = padded[i ^ 3];
		found = found || stack_holds(padded, 8) || stack_holds(turned, 8);
	}
	return found;
}

/* The search finds what is there: liboath alone leaves the padded secret behind. */
static void liboath_alone_leaves_its_secret(void **state)
{
	(void)state;
	run_on_stack(bare_oath);
	assert_int_equal(strlen(code), 8);
	assert_true(stack_holds_key(token.secret));
}

static void liboath_reaches_no_deeper_than_is_wiped(void **state)
{
	(void)state;
	run_on_stack(deepest_oath);
	print_message("liboath used at most %zu bytes of stack\n", depth());
	assert_true(depth() < STACK_WIPED_BYTES);
}

static void assert_no_code(void)
{
	for (uint64_t step = 999; step <= 1001; step++) {
		char each[9];
		assert_int_equal(totp_code(&token, step, each), ST_OK);
		assert_false(stack_holds(each, 8));
	}
	assert_false(stack_holds_key(token.secret));
}

static void codes_leave_nothing(void **state)
{
	static const uint8_t lengths[] = {
	    [TOKEN_SHA1] = 20, [TOKEN_SHA256] = 32, [TOKEN_SHA512] = 64};

	(void)state;
	for (enum token_algorithm a = TOKEN_SHA1; a <= TOKEN_SHA512; a++) {
		token.algorithm = a;
		token.secret_length = lengths[a];
		memcpy(token.secret + 20, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR", 44);
		run_on_stack(of_totp_code);
		assert_int_equal(last, ST_OK);
		assert_no_code();
		run_on_stack(of_totp_match);
		assert_int_equal(last, ST_OK);
		assert_int_equal(matches.count, 1);
		assert_no_code();
	}
}

static void sealing_leaves_nothing(void **state)
{
	(void)state;
	run_on_stack(of_seal);
	assert_int_equal(last, ST_OK);
	assert_false(stack_holds(KEY, 8));
	assert_false(stack_holds(PLAIN, 8));
	run_on_stack(of_unseal);
	assert_int_equal(last, ST_OK);
	assert_true(secret_equals(&opened, PLAIN, sizeof(PLAIN)));
	assert_false(stack_holds(KEY, 8));
	assert_false(stack_holds(PLAIN, 8));
	secret_clear(&opened);
}

static void keyed_hashes_leave_nothing(void **state)
{
	uint8_t master[SHA256_BYTES];

	(void)state;
	run_on_stack(of_mac);
	assert_false(stack_holds_key(KEY));
	assert_false(stack_holds(result, 8));
	run_on_stack(of_subkey);
	assert_false(stack_holds_key(KEY));
	assert_false(stack_holds_key(result));
	mac_sha256(NULL, 0, &(struct span){KEY, sizeof(KEY)}, 1, master);
	assert_false(stack_holds_key(master));
	run_on_stack(of_password);
	assert_false(stack_holds_key((const uint8_t *)PASSWORD));
	assert_false(stack_holds(result, 8));
}

static void backup_codes_leave_nothing(void **state)
{
	(void)state;
	assert_int_equal(secret_copy(&canonical, PASSWORD, 16), ST_OK);
	run_on_stack(of_backup);
	assert_int_equal(last, ST_OK);
	assert_false(stack_holds_key((const uint8_t *)PASSWORD));
	assert_false(stack_holds_key(KEY));
	assert_false(stack_holds_key(guess.derived));
	secret_clear(&canonical);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(liboath_alone_leaves_its_secret),
	    cmocka_unit_test(liboath_reaches_no_deeper_than_is_wiped),
	    cmocka_unit_test(codes_leave_nothing),
	    cmocka_unit_test(sealing_leaves_nothing),
	    cmocka_unit_test(keyed_hashes_leave_nothing),
	    cmocka_unit_test(backup_codes_leave_nothing),
	};
	return cmocka_run_group_tests(tests, make_stack, NULL);
}
