/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RES-01, RES-02, DUR-05: each allocation and each call of a list fails, one after the other, with
 * each of its errors, once and from there on. Whatever fails: a wrong answer never gets in, a right
 * one only when that is recorded, no judged answer is forgotten where a right one would have got
 * in, no descriptor and no memory stays behind, nothing typed is in the log and nothing crashes.
 */
#include "tests/stack/situations.h"

#include <errno.h>

static unsigned long points, tried, verdicts, all_points;

static void describe(const struct situation *situation, const struct fault *fault, const char *what)
{
	verdicts++;
	print_error("%s: %s %ld error %d%s%s: %s\n", situation->name, fault->call, fault->at,
		    fault->error, fault->onwards ? " onwards" : "",
		    fault->shortened ? " shortened" : "", what);
}

/* With this fault a right answer got in: then a wrong one is counted. */
static void check_charge(const struct situation *situation, const struct fault *fault)
{
	struct visit guess;
	situation_again();
	uint32_t before = rig_state("alice")->failures;
	situation_visit(situation, *situation->wrong, fault, NULL, &guess);
	if (guess.result == PAM_SUCCESS)
		describe(situation, fault, "a wrong answer got in");
	if (rig_state("alice")->failures != before + 1)
		describe(situation, fault, "a wrong answer was not counted");
}

/* What must reach the disk before anybody gets in. */
static bool stops_everybody(const struct fault *fault)
{
	return (strcmp(fault->call, "pwrite") == 0 || strcmp(fault->call, "fdatasync") == 0) &&
	       fault->error != EINTR && !fault->shortened;
}

static void strike(const struct situation *situation, const struct fault *fault)
{
	struct visit visit;
	const char *wrong = situation_strike(situation, fault, NULL, &visit);
	points++;
	if (wrong != NULL)
		describe(situation, fault, wrong);
	if (visit.result != PAM_SUCCESS || situation->kind != GETS_IN)
		return;
	if (stops_everybody(fault))
		describe(situation, fault, "got in");
	check_charge(situation, fault);
}

static void strike_all(const struct situation *situation, struct fault fault)
{
	struct visit visit;
	fault.at = 0;
	situation_again();
	situation_visit(situation, *situation->answer, &fault, NULL, &visit);
	for (fault.at = 1; fault.at <= visit.calls; fault.at++)
		strike(situation, &fault);
	tried += visit.calls > 0;
}

static void each_error(const struct situation *situation, const struct fault_call *call)
{
	for (const int *error = call->errors; *error != 0; error++)
		for (int onwards = 0; onwards < 2; onwards++)
			/* What asks again after an interruption would ask for ever. */
			if (*error != EINTR || onwards == 0)
				strike_all(situation, (struct fault){.call = call->name,
								     .error = *error,
								     .onwards = onwards != 0});
	if (strcmp(call->name, "pread") == 0 || strcmp(call->name, "pwrite") == 0)
		strike_all(situation, (struct fault){.call = call->name, .shortened = true});
}

static void everything_fails(void **state)
{
	const struct situation *situation = *state;
	points = 0;
	tried = 0;
	verdicts = 0;
	situation_prepare(situation);
	for (size_t i = 0; i < fault_call_count; i++)
		each_error(situation, &fault_calls[i]);
	printf("%-16s %5lu points of failure, %lu wrong verdicts\n", situation->name, points,
	       verdicts);
	all_points += points;
	assert_true(points > 100 && tried > 15);
	assert_int_equal(verdicts, 0);
}

/* --- nothing is left out ------------------------------------------------------------------------
 */

static bool is_known(const char *name)
{
	for (size_t i = 0; i < fault_call_count; i++)
		if (strcmp(fault_calls[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < fault_excuse_count; i++)
		if (strcmp(fault_excuses[i].name, name) == 0)
			return true;
	return false;
}

/* What FORTIFY or a standard puts in the place of a function: __memcpy_chk, __isoc23_strtol. */
static const char *plain_name(char *name)
{
	size_t length = strlen(name);
	if (strncmp(name, "__isoc23_", 9) == 0)
		return name + 9;
	if (length < 7 || strncmp(name, "__", 2) != 0 || strcmp(name + length - 4, "_chk") != 0)
		return name;
	name[length - 4] = '\0';
	return name + 2;
}

/* RES-02: whatever the module calls can fail here, or is excused with a reason. */
static void every_import_is_known(void **state)
{
	(void)state;
	char command[1024], line[512], name[256];
	const char *sanitizers = getenv("KLING_SANITIZERS"), *nm = getenv("NM");
	if (sanitizers != NULL && sanitizers[0] != '\0')
		skip();
	(void)snprintf(command, sizeof(command), "%s -D --undefined-only '%s'",
		       nm != NULL && nm[0] != '\0' ? nm : "nm", getenv("KLING_MODULE"));
	FILE *imports = popen(command, "r");
	unsigned count = 0, unknown = 0;
	assert_non_null(imports);
	while (fgets(line, sizeof(line), imports) != NULL) {
		if (sscanf(line, "%*[ 0-9a-fA-F]%*c %255[^@ \n]", name) != 1)
			continue;
		count++;
		if (is_known(plain_name(name)))
			continue;
		unknown++;
		print_error("%s is neither made to fail nor excused\n", name);
	}
	assert_int_equal(pclose(imports), 0);
	printf("%u imported functions, %u of them unknown here\n", count, unknown);
	assert_true(count > 50);
	assert_int_equal(unknown, 0);
}

enum { TESTS_MAX = 64 };

int main(void)
{
	static struct CMUnitTest tests[TESTS_MAX] = {cmocka_unit_test(every_import_is_known)};
	for (size_t i = 0; i < situation_count; i++)
		tests[i + 1] =
		    (struct CMUnitTest){.name = situations[i].name,
					.test_func = everything_fails,
					.initial_state = (void *)(uintptr_t)&situations[i]};
	rig_begin();
	situations_begin();
	int failed =
	    _cmocka_run_group_tests("every call fails", tests, situation_count + 1, NULL, NULL);
	printf("total: %lu points of failure in %zu situations\n", all_points, situation_count);
	return failed;
}
