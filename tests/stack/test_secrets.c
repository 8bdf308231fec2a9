/* SPDX-License-Identifier: BSD-3-Clause */
/* What must not be found: in the log of a complete run (SEC-06), in memory afterwards (SEC-02). */
#include "tests/stack/rig.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { NEEDLES = 256, NEEDLE_BYTES = 64, CHUNK = 1 << 20 };

/* What was generated, kept masked, so that the search does not find the list itself. */
struct needle {
	uint8_t masked[NEEDLE_BYTES];
	size_t length;
	const char *what;
};

static struct needle needles[NEEDLES];
static size_t needle_count;

static void remember(const char *what, const void *bytes, size_t length)
{
	assert_true(needle_count < NEEDLES && length <= NEEDLE_BYTES && length >= 6);
	struct needle *needle = &needles[needle_count++];
	needle->what = what;
	needle->length = length;
	for (size_t i = 0; i < length; i++)
		needle->masked[i] = ((const uint8_t *)bytes)[i] ^ 0xa5;
}

static const uint8_t *find(const struct needle *needle, const uint8_t *hay, size_t length)
{
	for (size_t i = 0; i + needle->length <= length; i++) {
		size_t same = 0;
		while (same < needle->length && (hay[i + same] ^ 0xa5) == needle->masked[same])
			same++;
		if (same == needle->length)
			return hay + i;
	}
	return NULL;
}

static const char *note(const char *what, const char *text)
{
	remember(what, text, strlen(text));
	return text;
}

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", 10);
	rig_service("full", "auth requisite @ preauth\n"
			    "auth requisite pam_unix.so nodelay\n"
			    "auth required @\n"
			    "account required @\n"
			    "session optional @\n");
}

static int log_in(const char *user, const char *password, const char *code)
{
	struct talk talk = {.answers = {password, code}, .count = 2};
	const struct login login = {.service = "full",
				    .user = user,
				    .rhost = "192.0.2.1",
				    .account = true,
				    .session = true};
	return rig_login(&login, &talk);
}

static void a_complete_run(void)
{
	static const char wrong_password[] = "Wrong-Horse-Battery-99";
	static const char unknown[] = "somebody-who-is-not-here";
	note("wrong password", wrong_password);
	note("password", RIG_PASSWORD);
	note("unknown name", unknown);
	assert_int_equal(log_in("alice", RIG_PASSWORD, note("code", rig_code("alice", 0))),
			 PAM_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(log_in("alice", RIG_PASSWORD, note("backup code", rig_backup(i))),
				 PAM_SUCCESS);
	assert_int_equal(log_in("alice", RIG_PASSWORD, rig_backup(0)), PAM_AUTH_ERR);
	assert_int_equal(log_in("alice", wrong_password, "123456"), PAM_AUTH_ERR);
	assert_int_equal(log_in("alice", RIG_PASSWORD, note("junk", "otpauth://totp/x?secret=ABC")),
			 PAM_AUTH_ERR);
	assert_int_equal(log_in("alice", RIG_PASSWORD, RIG_PASSWORD), PAM_AUTH_ERR);
	assert_int_not_equal(log_in(unknown, wrong_password, "123456"), PAM_SUCCESS);
	for (int i = 0; i < 8; i++)
		(void)log_in("alice", RIG_PASSWORD, note("wrong code", rig_wrong("alice")));
	const struct token *token = rig_token("alice");
	remember("secret", token->secret, token->secret_length);
}

/* Said of names and codes: pam_unix's own lines are not ours. */
static void keep_our_lines(char *out, size_t size)
{
	size_t used = 0;
	const char *line = rig_log();
	while (*line != '\0') {
		const char *end = strchr(line, '\n');
		size_t length = end != NULL ? (size_t)(end - line) + 1 : strlen(line);
		if (strncmp(line, "pam_kling", 9) == 0 && used + length < size) {
			memcpy(out + used, line, length);
			used += length;
		}
		line += length;
	}
	out[used] = '\0';
}

static void the_log_holds_nothing_of_it(void **state)
{
	(void)state;
	static char ours[CHUNK];
	needle_count = 0;
	fresh("");
	rig_log_clear();
	a_complete_run();
	keep_our_lines(ours, sizeof(ours));
	assert_true(strlen(ours) > 1000);
	for (size_t i = 0; i < needle_count; i++)
		if (find(&needles[i], (const uint8_t *)ours, strlen(ours)) != NULL)
			fail_msg("the log holds a %s", needles[i].what);
	printf("%zu values searched for in %zu bytes of log\n", needle_count, strlen(ours));
}

/* --- memory -------------------------------------------------------------------------------------
 */

static bool is_searched(const char *line)
{
	return strstr(line, " rw-p") != NULL || strstr(line, " rw-s") != NULL;
}

static size_t search_range(int memory, uintptr_t begin, uintptr_t end, const char *where)
{
	static uint8_t chunk[CHUNK + NEEDLE_BYTES];
	size_t found = 0;
	for (uintptr_t at = begin; at < end; at += CHUNK) {
		size_t length = end - at < sizeof(chunk) ? end - at : sizeof(chunk);
		ssize_t got = pread(memory, chunk, length, (off_t)at);
		for (size_t i = 0; got > 0 && i < needle_count; i++) {
			if (find(&needles[i], chunk, (size_t)got) == NULL)
				continue;
			printf("%s in %s", needles[i].what, where);
			found++;
		}
	}
	memset(chunk, 0, sizeof(chunk));
	return found;
}

/* A sanitizer maps terabytes of its own, and keeps what was freed. */
static bool is_sanitized(void)
{
	const char *sanitizers = getenv("KLING_SANITIZERS");
	return sanitizers != NULL && sanitizers[0] != '\0';
}

static size_t search_memory(void)
{
	char line[512];
	size_t found = 0, bytes = 0;
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "re");
	assert_true(memory >= 0 && maps != NULL);
	while (fgets(line, sizeof(line), maps) != NULL) {
		uintptr_t begin = 0, end = 0;
		if (!is_searched(line) || sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &begin, &end) != 2)
			continue;
		bytes += end - begin;
		found += search_range(memory, begin, end, line);
	}
	(void)fclose(maps);
	(void)close(memory);
	printf("%zu values searched for in %zu KiB of memory\n", needle_count, bytes / 1024);
	assert_true(bytes > 100000);
	return found;
}

/* Whatever the test itself knew is overwritten before the search. */
static void wipe_own(char *text)
{
	memset(text, 'x', strlen(text));
}

static char code[16];

static char *take_code(int steps, const char *what)
{
	char *made = (char *)(uintptr_t)rig_code("alice", steps);
	(void)snprintf(code, sizeof(code), "%s", made);
	remember(what, code, strlen(code));
	wipe_own(made);
	return code;
}

static void forget_token(void)
{
	struct token *token = (struct token *)(uintptr_t)rig_token("alice");
	remember("secret", token->secret, token->secret_length);
	memset(token, 0, sizeof(*token));
}

static void remember_key(void)
{
	AUTO_STORE store = STORE_CLOSED;
	rig_open(&store);
	remember("host key", store.keyring.secrets.bytes, 32);
}

static void memory_holds_nothing_of_it(void **state)
{
	(void)state;
	if (is_sanitized())
		skip();
	needle_count = 0;
	fresh("");
	rig_clock_step(86400); /* other codes than those of the tests before */
	remember_key();
	assert_int_equal(rig_answer("alice", take_code(0, "accepted code")), PAM_SUCCESS);
	wipe_own(code);
	assert_int_equal(rig_answer("alice", take_code(7, "wrong code")), PAM_AUTH_ERR);
	wipe_own(code);
	forget_token();
	assert_int_equal(search_memory(), 0);
}

/* The search itself: a copy that is left is found. */
static void the_search_finds_what_is_there(void **state)
{
	(void)state;
	if (is_sanitized())
		skip();
	needle_count = 0;
	char *left = strdup("left-behind-on-the-heap");
	remember("control", left, strlen(left));
	assert_true(search_memory() > 0);
	wipe_own(left);
	free(left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_log_holds_nothing_of_it),
	    cmocka_unit_test(the_search_finds_what_is_there),
	    cmocka_unit_test(memory_holds_nothing_of_it),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
