/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/check.h"
#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VALUE_BYTES = 256, WORD_BYTES = 64 };

/* What sshd -T says, as far as it matters here. */
struct sshd {
	bool use_pam;
	bool keyboard;
	bool password;
	bool public_key;
	bool use_dns;
	char methods[VALUE_BYTES]; /* AuthenticationMethods, "any" when it is not set */
};

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

static bool run_sshd(const char *path, int output, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	char *const arguments[] = {(char[]){"sshd"}, (char[]){"-T"}, NULL};
	char *const environment[] = {(char[]){"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
				     (char[]){"LC_ALL=C"}, NULL};

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

/* Asks sshd itself. False when it does not answer. */
static bool ask_sshd(const char *path, struct sshd *sshd)
{
	int ends[2], status = 0;
	pid_t child = -1;

	*sshd = (struct sshd){.methods = "any"};
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	bool started = run_sshd(path, ends[1], &child);
	(void)close(ends[1]);
	read_answers(ends[0], sshd);
	if (!started)
		return false;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Where a keyword is set: the first line of a file that begins with it. */
static bool find_in(const char *path, const char *keyword, unsigned *line)
{
	AUTO_TEXT text = NULL;
	size_t size = 0;
	AUTO_FILE file = fopen(path, "re");

	*line = 0;
	while (file && getline(&text, &size, file) >= 0) {
		const char *word = text + strspn(text, " \t");
		size_t length = strlen(keyword);
		++*line;
		if (strncasecmp(word, keyword, length) == 0 &&
		    (isspace((unsigned char)word[length]) || word[length] == '='))
			return true;
	}
	*line = 0;
	return false;
}

static int is_conf(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && strcmp(entry->d_name + length - 5, ".conf") == 0;
}

/* The drop-ins stand first in sshd_config, and the first that says something holds. */
static void find_keyword(const char *keyword, char path[VALUE_BYTES], unsigned *line)
{
	struct dirent **entries = NULL;
	int count = scandir(SSHD_CONFIG_DIR, &entries, is_conf, alphasort);
	bool found = false;

	for (int i = 0; i < count; i++) {
		if (!found) {
			snprintf(path, VALUE_BYTES, SSHD_CONFIG_DIR "/%.200s", entries[i]->d_name);
			found = find_in(path, keyword, line);
		}
		free(entries[i]);
	}
	free(entries);
	if (found)
		return;
	snprintf(path, VALUE_BYTES, SSHD_CONFIG);
	(void)find_in(path, keyword, line);
}

static void report(struct findings *findings, enum severity severity, const char *keyword,
		   const char *problem, const char *fix)
{
	char path[VALUE_BYTES];
	unsigned line = 0;

	find_keyword(keyword, path, &line);
	const struct spot spot = {severity, path, line, fix};
	findings_add(findings, &spot, "%s", problem);
}

/* Whether some list of methods that lets in has the word in it. */
static bool some_list_has(const char *methods, const char *word)
{
	return strcmp(methods, "any") == 0 || strstr(methods, word) != NULL;
}

/* Whether a key alone is enough: a list that is just "publickey". */
static bool key_alone(const struct sshd *sshd)
{
	char copy[VALUE_BYTES];
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

static bool can_ask(const struct sshd *sshd)
{
	return sshd->use_pam && sshd->keyboard &&
	       some_list_has(sshd->methods, "keyboard-interactive");
}

static void check_asking(const struct sshd *sshd, struct findings *findings)
{
	if (!sshd->use_pam)
		report(findings, SEVERITY_ERROR, "UsePAM", TEXT_CHECK_SSHD_PAM, TEXT_FIX_SSHD_PAM);
	else if (!sshd->keyboard)
		report(findings, SEVERITY_ERROR, "KbdInteractiveAuthentication",
		       TEXT_CHECK_SSHD_KEYBOARD, TEXT_FIX_SSHD);
	else if (!can_ask(sshd))
		report(findings, SEVERITY_ERROR, "AuthenticationMethods", TEXT_CHECK_SSHD_METHODS,
		       TEXT_FIX_SSHD_METHODS);
	if (sshd->password && some_list_has(sshd->methods, "password"))
		report(findings, SEVERITY_WARNING, "PasswordAuthentication",
		       TEXT_CHECK_SSHD_PASSWORD, TEXT_FIX_SSHD_PASSWORD);
	if (sshd->use_dns)
		report(findings, SEVERITY_WARNING, "UseDNS", TEXT_CHECK_SSHD_DNS,
		       TEXT_FIX_SSHD_DNS);
}

static void check_keys(const struct tool *tool, const struct sshd *sshd, struct findings *findings)
{
	AUTO_SETTINGS settings = NULL;
	AUTO_SERVICE service = {0};
	struct conf_error error;
	struct rules rules;
	const char *problem = NULL;
	const struct subject subject = {
	    .user = "", .service = "sshd", .origin = {.kind = ORIGIN_NONE}};

	if (!key_alone(sshd) || service_read("sshd", &service) != ST_OK ||
	    service_load(tool, service.account, &settings, &error) != ST_OK ||
	    settings_resolve(settings, &subject, &rules, &problem) != ST_OK)
		return;
	if (rules.second_factor == SECOND_FACTOR_OFF)
		return;
	if (rules.public_key == PUBLIC_KEY_NEEDS_CODE)
		report(findings, SEVERITY_WARNING, "AuthenticationMethods", TEXT_CHECK_KEY_REFUSED,
		       TEXT_FIX_KEY_REFUSED);
	else
		report(findings, SEVERITY_NOTE, "PubkeyAuthentication", TEXT_CHECK_KEY_ENOUGH,
		       TEXT_FIX_KEY_ENOUGH);
}

void check_sshd(struct tool *tool, struct findings *findings)
{
	struct sshd sshd;
	const char *path = sshd_path();

	if (!path || access(PAM_DIRECTORY "/sshd", F_OK) != 0)
		return;
	if (!ask_sshd(path, &sshd)) {
		const struct spot spot = {SEVERITY_NOTE, SSHD_CONFIG, 0, TEXT_FIX_SSHD_SILENT};
		findings_add(findings, &spot, "%s", TEXT_CHECK_SSHD_SILENT);
		return;
	}
	check_asking(&sshd, findings);
	check_keys(tool, &sshd, findings);
}

void check_sshd_can_ask(void)
{
	struct sshd sshd;
	const char *path = sshd_path();

	if (path && access(PAM_DIRECTORY "/sshd", F_OK) == 0 && ask_sshd(path, &sshd) &&
	    !can_ask(&sshd))
		remark(TEXT_SSHD_CANNOT_ASK, TEXT_FIX_SSHD);
}

/* Every list of methods that asks PAM begins with a key. */
static bool wants_key(const char *methods)
{
	char copy[VALUE_BYTES];
	char *rest = NULL;
	bool asks = false;

	snprintf(copy, sizeof(copy), "%s", methods);
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

bool check_sshd_wants_key(void)
{
	struct sshd sshd;
	const char *path = sshd_path();

	return path && ask_sshd(path, &sshd) && wants_key(sshd.methods);
}
