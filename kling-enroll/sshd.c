/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/sshd.h"

#include "kling-enroll/service.h"
#include "lib/base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *sshd_path(void)
{
	static const char *const paths[] = {"/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (access(paths[i], X_OK) == 0)
			return paths[i];
	return NULL;
}

static bool yes(const char *value)
{
	return strcmp(value, "yes") == 0;
}

static void take_line(struct sshd *sshd, char *line)
{
	char *value = strchr(line, ' ');

	if (!value)
		return;
	*value++ = '\0';
	value[strcspn(value, "\n")] = '\0';
	if (strcmp(line, "usepam") == 0)
		sshd->use_pam = yes(value);
	else if (strcmp(line, "kbdinteractiveauthentication") == 0 ||
		 strcmp(line, "challengeresponseauthentication") == 0)
		sshd->keyboard = yes(value);
	else if (strcmp(line, "passwordauthentication") == 0)
		sshd->password = yes(value);
	else if (strcmp(line, "pubkeyauthentication") == 0)
		sshd->public_key = yes(value);
	else if (strcmp(line, "usedns") == 0)
		sshd->use_dns = yes(value);
	else if (strcmp(line, "authenticationmethods") == 0)
		snprintf(sshd->methods, sizeof(sshd->methods), "%s", value);
}

bool sshd_is_here(void)
{
	return sshd_path() && access(PAM_DIRECTORY "/sshd", F_OK) == 0;
}

static bool run_sshd(const char *path, const char *spec, int output, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	char of[] = "-C";
	char connection[1024] = "";
	char *const arguments[] = {(char[]){"sshd"}, (char[]){"-T"}, spec ? of : NULL, connection,
				   NULL};
	char *const environment[] = {(char[]){"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
				     (char[]){"LC_ALL=C"}, NULL};

	snprintf(connection, sizeof(connection), "%s", spec ? spec : "");
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	bool ready = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
		     posix_spawn_file_actions_adddup2(&actions, output, 1) == 0 &&
		     posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
		     posix_spawn(child, path, &actions, NULL, arguments, environment) == 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	return ready;
}

static void read_answers(int fd, struct sshd *sshd)
{
	AUTO_TEXT line = NULL;
	size_t size = 0;
	AUTO_FILE file = fdopen(fd, "r");

	if (!file) {
		(void)close(fd);
		return;
	}
	while (getline(&line, &size, file) >= 0)
		take_line(sshd, line);
}

static bool ask(const char *spec, struct sshd *sshd)
{
	const char *path = sshd_path();
	int ends[2], status = 0;
	pid_t child = -1;

	*sshd = (struct sshd){.methods = "any"};
	if (!path || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	bool started = run_sshd(path, spec, ends[1], &child);
	(void)close(ends[1]);
	read_answers(ends[0], sshd);
	if (!started)
		return false;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool sshd_ask(const char *spec, struct sshd *sshd)
{
	/* Some conditions must be told of, or sshd says nothing at all. */
	static const char nobody[] = "user=nobody,host=host.invalid,addr=192.0.2.1,laddr=192.0.2.2,"
				     "lport=22";

	return ask(spec, sshd) || (!spec && ask(nobody, sshd));
}

/* Whether some list of methods that lets in has the word in it. */
static bool some_list_has(const char *methods, const char *word)
{
	return strcmp(methods, "any") == 0 || strstr(methods, word) != NULL;
}

bool sshd_takes_key_alone(const struct sshd *sshd)
{
	char copy[SSHD_METHODS_BYTES];
	char *rest = NULL;

	if (!sshd->public_key)
		return false;
	if (strcmp(sshd->methods, "any") == 0)
		return true;
	snprintf(copy, sizeof(copy), "%s", sshd->methods);
	for (char *list = strtok_r(copy, " ", &rest); list; list = strtok_r(NULL, " ", &rest))
		if (!strstr(list, "keyboard-interactive"))
			return true;
	return false;
}

bool sshd_has_method(const struct sshd *sshd, const char *word)
{
	return some_list_has(sshd->methods, word);
}

bool sshd_can_ask(const struct sshd *sshd)
{
	return sshd->use_pam && sshd->keyboard && sshd_has_method(sshd, "keyboard-interactive");
}

bool sshd_wants_key(const struct sshd *sshd)
{
	char copy[SSHD_METHODS_BYTES];
	char *rest = NULL;
	bool asks = false;

	snprintf(copy, sizeof(copy), "%s", sshd->methods);
	for (char *list = strtok_r(copy, " ", &rest); list; list = strtok_r(NULL, " ", &rest)) {
		const char *question = strstr(list, "keyboard-interactive");
		const char *key = strstr(list, "publickey");
		if (!question)
			continue;
		if (!key || key > question)
			return false;
		asks = true;
	}
	return asks;
}
