/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_TESTS_UNIT_LOCALES_H
#define KLING_TESTS_UNIT_LOCALES_H

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Builds a locale into a directory of its own, takes it, and removes the directory. */
static bool locale_build(const char *territory, const char *name)
{
	char dir[] = "/tmp/kling-locale-XXXXXX";
	char command[256];
	bool taken = false;

	if (!mkdtemp(dir))
		return false;
	snprintf(command, sizeof(command), "localedef -c -i %s -f UTF-8 %s/%s >%s/log 2>&1",
		 territory, dir, name, dir);
	if (system(command) == 0 && setenv("LOCPATH", dir, 1) == 0)
		taken = setlocale(LC_ALL, name) != NULL;
	unsetenv("LOCPATH");
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) == 0 && taken;
}

/*
 * Runs `tests` (a function that returns the number of failures) in the C locale, an English and
 * the Turkish one, whose i has no usual capital. A locale the system can neither offer nor build
 * is skipped with a word.
 */
static int in_each_locale(int (*tests)(void))
{
	static const char *const names[][2] = {
	    {"C", "C"}, {"en_US", "en_US.UTF-8"}, {"tr_TR", "tr_TR.UTF-8"}};
	int failures = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!setlocale(LC_ALL, names[i][1]) && !locale_build(names[i][0], names[i][1])) {
			printf("# SKIP locale %s: not installed and localedef cannot build it\n",
			       names[i][1]);
			continue;
		}
		printf("# locale %s\n", setlocale(LC_ALL, NULL));
		failures += tests();
	}
	return failures;
}

#endif
