/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A whole login through the real libpam: who, through which service, from where, with which
 * answers, at what time, with bytes of the files changed and calls failing. Nobody gets in but
 * alice with a right answer, and with that once; nothing returns what stacks overlook; whoever is
 * told that a code is wrong has paid for it; no right answer is in the log; no login hangs. INP-20
 *
 * The input: nine bytes of choices, then texts that end in a NUL: user, address, answers. In an
 * answer %0 to %4 stand for alice's code of two steps ago to in two steps, %a to %d for her backup
 * codes.
 */
#include "tests/stack/rig_faults.h"

#include "tests/stack/rig.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { START = 1795262410, HEAD = 9, TEXTS = 8, TEXT_BYTES = 1100, CODES = 4, CHANGES_MAX = 4 };

/* What no login comes near: of the processor's time, and of calls that could fail (some 700). */
enum { BOUND_SECONDS = 10, BOUND_CALLS = 10000 };

static const char *const services[] = {"faults", "preauth", "combined", "changing", "session"};
static const char *const files[] = {"state/users/alice/state", "state/users/alice/enrollment",
				    "kling.conf", "state/unknown", "state/unenrolled"};
static const char conf[] = "enroll_grace = 0\n[group root]\nlockout_tries = 4\n"
			   "[from 192.0.2.0/24]\ncode_window = 1\n[service combined]\n"
			   "prompt_style = combined\n";

static char backup_codes[CODES][32];

/* What one input says. */
struct script {
	uint8_t head[HEAD];
	char texts[TEXTS][TEXT_BYTES];
	size_t count;
	bool changed; /* a file */
};

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n%s", what, rig_log());
	abort();
}

static void begin(void)
{
	rig_begin();
	rig_service("faults", "auth required @\nauth required pam_permit.so\n"
			      "account required @\naccount required pam_permit.so\n");
	rig_service("preauth", "auth requisite @ preauth\nauth required @\n"
			       "auth required pam_permit.so\naccount required @\n");
	rig_service("combined",
		    "auth required @\nauth required pam_permit.so\naccount required @\n");
	rig_service("changing", "password requisite @\npassword required pam_permit.so\n");
	rig_service("session", "auth required @\naccount required @\nsession optional @\n");
	rig_clock_set(START, 5000);
	rig_conf(conf);
	rig_store();
	rig_enroll("alice", CODES);
	for (unsigned i = 0; i < CODES; i++)
		(void)snprintf(backup_codes[i], sizeof(backup_codes[i]), "%s", rig_backup(i));
	rig_save();
}

/* --- reading ------------------------------------------------------------------------------------
 */

static const char *stands_for(char letter)
{
	if (letter >= '0' && letter <= '4')
		return rig_code("alice", letter - '2');
	return letter >= 'a' && letter < 'a' + CODES ? backup_codes[letter - 'a'] : "";
}

static size_t read_text(const uint8_t *data, size_t size, bool answer, char out[TEXT_BYTES])
{
	size_t used = 0, i = 0;
	for (; i < size && data[i] != '\0'; i++) {
		char letter[2] = {(char)data[i], '\0'};
		const char *piece = letter;
		if (answer && data[i] == '%' && i + 1 < size && data[i + 1] != '\0')
			piece = stands_for((char)data[++i]);
		size_t length = strlen(piece);
		if (used + length >= TEXT_BYTES)
			continue;
		memcpy(out + used, piece, length);
		used += length;
	}
	out[used] = '\0';
	return i < size ? i + 1 : i;
}

static void read_script(const uint8_t *data, size_t size, struct script *script)
{
	size_t at = HEAD;
	memcpy(script->head, data, HEAD);
	for (script->count = 0; script->count < TEXTS && at < size; script->count++)
		at += read_text(data + at, size - at, script->count >= 2,
				script->texts[script->count]);
	for (size_t i = script->count; i < TEXTS; i++)
		script->texts[i][0] = '\0';
}

/* Each change is four bytes of the address's text: file, place (two), what to flip. */
static void change_files(struct script *script)
{
	const uint8_t *bytes = (const uint8_t *)script->texts[1];
	size_t length = strlen(script->texts[1]), changes = script->head[8] % (CHANGES_MAX + 1);
	script->changed = false;
	for (size_t i = 0; i < changes && 4 * i + 4 <= length; i++, bytes += 4) {
		const char *name = files[bytes[0] % (sizeof(files) / sizeof(files[0]))];
		int fd = open(rig_path(name), O_RDWR | O_CLOEXEC);
		off_t place = bytes[1] | bytes[2] << 8;
		uint8_t byte;
		if (fd >= 0 && pread(fd, &byte, 1, place) == 1) {
			byte ^= bytes[3];
			script->changed |= pwrite(fd, &byte, 1, place) == 1;
		}
		(void)close(fd);
	}
}

/* --- the oracle ---------------------------------------------------------------------------------
 */

/* Upper case, O as 0, I and L as 1, nothing but letters and digits: as codes are read. */
static void canonical(const char *text, char out[TEXT_BYTES])
{
	size_t used = 0;
	for (; *text != '\0'; text++) {
		int c = toupper((unsigned char)*text);
		if (isalnum(c))
			out[used++] = (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
	}
	out[used] = '\0';
}

static bool holds(const char *answer, const char *code)
{
	char a[TEXT_BYTES], b[TEXT_BYTES];
	canonical(answer, a);
	canonical(code, b);
	return strstr(a, b) != NULL;
}

static bool is_right(const char *answer)
{
	for (int step = -2; step <= 2; step++)
		if (holds(answer, rig_code("alice", step)))
			return true;
	for (unsigned i = 0; i < CODES; i++)
		if (holds(answer, backup_codes[i]))
			return true;
	return false;
}

/* The fuzzer learns codes from comparisons, and gives them as name and address, too. */
static void check_log_for(const struct script *script, const char *code)
{
	demand(strstr(rig_log(), code) == NULL || holds(script->texts[0], code) ||
		   holds(script->texts[1], code),
	       "a code in the log");
}

static void check_log(const struct script *script)
{
	for (int step = -2; step <= 2; step++)
		check_log_for(script, rig_code("alice", step));
	for (unsigned i = 0; i < CODES; i++)
		check_log_for(script, backup_codes[i]);
}

static void check_result(const struct script *script, int result, const char *user, bool right)
{
	demand(result != PAM_IGNORE && result != PAM_USER_UNKNOWN &&
		   result != PAM_AUTHINFO_UNAVAIL && result != PAM_NEW_AUTHTOK_REQD,
	       "a result that stacks overlook");
	if (result != PAM_SUCCESS)
		return;
	demand(strcmp(user, "alice") == 0, "somebody else got in");
	demand(right, "a wrong answer got in");
	(void)script;
}

/* --- the login ----------------------------------------------------------------------------------
 */

struct playing {
	struct script *script;
	size_t next;
};

static void play(struct talk *talk, const char *prompt)
{
	struct playing *playing = talk->context;
	(void)prompt;
	fault_pause();
	size_t at = talk->asked % RIG_ANSWERS;
	talk->answers[at] =
	    playing->next < playing->script->count ? playing->script->texts[playing->next] : "";
	playing->next++;
	talk->count = at + 1;
	fault_go_on();
}

static bool any_right(const struct script *script)
{
	for (size_t i = 2; i < script->count; i++)
		if (is_right(script->texts[i]))
			return true;
	return false;
}

static const char *user_of(const struct script *script)
{
	static const char *const known[] = {"alice", "bob", "root", "nobody-here"};
	unsigned choice = script->head[0] % 5;
	return choice < 4 ? known[choice] : script->texts[0];
}

static const char *address_of(const struct script *script)
{
	static const char *const known[] = {"192.0.2.1", NULL, "", "2001:db8::1", "host.example"};
	unsigned choice = script->head[2] % 6;
	return choice < 5 ? known[choice] : script->texts[1];
}

static int phases(const struct script *script, pam_handle_t *pamh, const char *service)
{
	int flags = script->head[3] & 1 ? PAM_SILENT : 0;
	if (strcmp(service, "changing") == 0) {
		(void)pam_chauthtok(pamh, flags);
		return PAM_AUTH_ERR;
	}
	int result = PAM_AUTH_ERR;
	for (int tries = 1 + script->head[3] / 2 % 3; tries > 0 && result != PAM_SUCCESS; tries--)
		result = pam_authenticate(pamh, flags);
	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, flags);
	if (result == PAM_SUCCESS && strcmp(service, "session") == 0) {
		(void)pam_setcred(pamh, PAM_ESTABLISH_CRED);
		(void)pam_open_session(pamh, flags);
		(void)pam_close_session(pamh, flags);
	}
	return result;
}

static void say_and_die(int number)
{
	static const char what[] = "a login that takes too long\n";
	(void)number;
	(void)!write(STDERR_FILENO, what, sizeof(what) - 1);
	abort();
}

/* By this process's own time: what else the machine does is no finding. */
static void bound_time(time_t seconds)
{
	const struct itimerval timer = {{0, 0}, {seconds, 0}};
	demand(signal(SIGPROF, say_and_die) != SIG_ERR && setitimer(ITIMER_PROF, &timer, NULL) == 0,
	       "no timer");
}

static int log_in(struct script *script, bool failing)
{
	const struct fault first = {.at = script->head[5], .error = script->head[6]};
	const struct fault second = {.at = script->head[7], .error = script->head[6] >> 4};
	struct playing playing = {script, 2};
	struct talk talk = {.play = play, .context = &playing};
	const char *service = services[script->head[1] % 5];
	pam_handle_t *pamh = rig_start(service, user_of(script), address_of(script), &talk);
	if (failing)
		fault_arm_pair(&first, &second);
	fault_bound(BOUND_CALLS);
	bound_time(BOUND_SECONDS);
	int result = phases(script, pamh, service);
	bound_time(0);
	fault_bound(0);
	(void)fault_disarm();
	rig_stop(pamh, result);
	return result;
}

/* In, and then not again; told that it was wrong, and then charged. */
static void check_afterwards(struct script *script, int result, bool right)
{
	if (result == PAM_SUCCESS && script->count == 3)
		demand(log_in(script, false) != PAM_SUCCESS, "accepted twice");
	if (script->changed || strcmp(user_of(script), "alice") != 0 || result == PAM_SUCCESS)
		return;
	/* A right answer behind it takes the charges back, even when its flush then fails. */
	if (!right && rig_log_count("event=deny reason=bad-code user=\"alice\"") > 0)
		demand(rig_state("alice")->failures > 0, "a wrong answer was not counted");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct script script;
	static bool begun;

	if (size < HEAD || size > 4096)
		return 0;
	if (!begun)
		begin();
	begun = true;
	rig_clock_set(START + (int8_t)data[4] * 17, 5000);
	rig_restore();
	rig_conf(conf);
	rig_log_clear();
	read_script(data, size, &script);
	change_files(&script);
	bool right = any_right(&script);
	int result = log_in(&script, true);
	check_result(&script, result, user_of(&script), right);
	check_log(&script);
	check_afterwards(&script, result, right);
	/* Between inputs the fuzzer's own clock goes on. */
	rig_clock_set(0, 0);
	return 0;
}
