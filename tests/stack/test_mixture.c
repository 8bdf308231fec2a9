/* SPDX-License-Identifier: BSD-3-Clause */
/* Names that are one name, zones that change nothing, and much work: INP-12, TIM-12, RES-08. */
#include "tests/stack/rig.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <time.h>
#include <unistd.h>

enum { CODES = 10 };

#define EXPORT __attribute__((visibility("default")))

/* A user database that knows no case, as some directories do: the module binds to this one. */
EXPORT int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
		      struct passwd **result)
{
	char small[64] = "";
	struct passwd *found;
	for (size_t i = 0; i < sizeof(small) - 1 && name[i] != '\0'; i++)
		small[i] = (char)tolower((unsigned char)name[i]);
	*result = NULL;
	found = getpwnam(small);
	if (found == NULL)
		return 0;
	if (snprintf(buffer, size, "%s", small) >= (int)size)
		return ERANGE;
	*entry = *found;
	entry->pw_name = buffer;
	*result = entry;
	return 0;
}

static void fresh(const char *conf)
{
	rig_clock_set(1795262410, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", CODES);
	rig_log_clear();
}

/* INP-12 */
static void spellings_share_one_ledger(void **state)
{
	(void)state;
	static const char *const names[] = {"alice", "Alice", "ALICE"};
	fresh("");
	for (int i = 0; i < 9; i++)
		assert_int_equal(rig_answer(names[i % 3], rig_wrong("alice")), PAM_AUTH_ERR);
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	assert_int_equal(rig_log_count("event=deny reason=locked"), 4);
	assert_int_equal(rig_log_count("user=\"alice\""), 10);
	assert_int_equal(access(rig_path("state/users/Alice"), F_OK), -1);
	assert_int_equal(access(rig_path("state/users/ALICE"), F_OK), -1);
}

/* TIM-12: steps are counted in UTC, whatever zone the client's environment names. */
static void time_zones_change_nothing(void **state)
{
	(void)state;
	static const char *const zones[] = {"UTC", "Pacific/Kiritimati", "right/Europe/Berlin",
					    ":/nonexistent"};
	for (size_t i = 0; i < 4; i++) {
		fresh("");
		assert_int_equal(setenv("TZ", zones[i], 1), 0);
		tzset();
		assert_int_equal(rig_answer("alice", rig_code("alice", 0)), PAM_SUCCESS);
		assert_int_equal(rig_answer("alice", rig_code("alice", 2)), PAM_AUTH_ERR);
	}
	assert_int_equal(unsetenv("TZ"), 0);
	tzset();
}

static double cpu_ms(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* RES-08: one derivation an answer, and no more judgements than tries. */
static void a_thousand_shaped_answers(void **state)
{
	(void)state;
	enum { ANSWERS = 1000 };
	fresh("backup_code_iterations = 1000\n");
	double start = cpu_ms();
	for (int i = 0; i < ANSWERS; i++) {
		char answer[24];
		(void)snprintf(answer, sizeof(answer), "AAAA-BBBB-CCCC-%04d", i);
		assert_int_equal(rig_answer(i % 2 ? "alice" : "mallory", answer), PAM_AUTH_ERR);
	}
	printf("%d answers of a backup code's shape: %.2f ms of work each\n", ANSWERS,
	       (cpu_ms() - start) / ANSWERS);
	assert_int_equal(rig_log_count("reason=bad-code"), 5);
	assert_int_equal(rig_log_count("reason=unknown"), ANSWERS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spellings_share_one_ledger),
	    cmocka_unit_test(time_zones_change_nothing),
	    cmocka_unit_test(a_thousand_shaped_answers),
	};
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
