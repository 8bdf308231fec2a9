/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One PAM transaction in a fresh process: pam_start_confdir, authenticate, acct_mgmt, setcred, end.
 * Prints: microseconds, minor page faults, peak resident KiB beyond those before, PAM result.
 *
 *     transaction CONFDIR SERVICE USER ANSWER [host]
 *
 * `host` makes it a process like sshd: libcrypto is loaded and initialised before the clock starts.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const char *answer;

static int converse(int count, const struct pam_message **messages, struct pam_response **replies,
		    void *context)
{
	(void)context;
	struct pam_response *array = calloc((size_t)count, sizeof(*array));
	if (array == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF ||
		    messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
			array[i].resp = strdup(answer);
	*replies = array;
	return PAM_SUCCESS;
}

/* What sshd has done long before it asks PAM. Loaded by name, so that the bare process stays bare.
 */
static void become_host(void)
{
	typedef int initialise(unsigned long long, const void *);
	typedef const void *fetch(void *, const char *, const char *);
	void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL);
	if (library == NULL) {
		fprintf(stderr, "transaction: %s\n", dlerror());
		exit(2);
	}
	initialise *init = NULL;
	fetch *md = NULL;
	*(void **)&init = dlsym(library, "OPENSSL_init_crypto");
	*(void **)&md = dlsym(library, "EVP_MD_fetch");
	if (init == NULL || md == NULL || init(0x4c, NULL) != 1 || md(NULL, "SHA256", NULL) == NULL)
		exit(2);
}

/* Of this program alone: getrusage would begin with what its parent had. */
static long peak_kib(void)
{
	char text[4096];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		(void)close(fd);
	text[length < 0 ? 0 : length] = '\0';
	const char *line = strstr(text, "VmHWM:");
	return line == NULL ? 0 : strtol(line + strlen("VmHWM:"), NULL, 10);
}

static double now(void)
{
	struct timespec ts;
	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int transact(const char *confdir, const char *service, const char *user)
{
	static const struct pam_conv conv = {converse, NULL};
	pam_handle_t *pamh = NULL;
	int result = pam_start_confdir(service, user, &conv, confdir, &pamh);
	if (result != PAM_SUCCESS)
		return result;
	(void)pam_set_item(pamh, PAM_RHOST, "192.0.2.7");
	result = pam_authenticate(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_setcred(pamh, PAM_ESTABLISH_CRED);
	(void)pam_end(pamh, result);
	return result;
}

int main(int argc, char **argv)
{
	struct rusage before, after;
	if (argc < 5)
		return 2;
	answer = argv[4];
	if (argc > 5)
		become_host();
	long peak = peak_kib();
	(void)getrusage(RUSAGE_SELF, &before);
	double start = now();
	int result = transact(argv[1], argv[2], argv[3]);
	double end = now();
	(void)getrusage(RUSAGE_SELF, &after);
	printf("%.1f %ld %ld %d\n", end - start, after.ru_minflt - before.ru_minflt,
	       peak_kib() - peak, result);
	return 0;
}
