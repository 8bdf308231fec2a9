/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SEC-02, SEC-03, SEC-04: what is left of secrets in the memory of a process that logged somebody
 * in, as seen from outside, and in the core file of one that died with a secret in its hands.
 * The searching process knows the values; the searched one is another. What may reach the swap
 * space is a limit that SECURITY.md states (SEC-05).
 */
#include "tests/stack/rig.h"
#include "tests/stack/rig_faults.h"

#include "lib/crypto/derive.h"
#include "lib/factor/totp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START = 1795262410, NEEDLES_MAX = 16, CAP = 14, CHUNK = 1 << 20, CALLS_MAX = 512 };

#define TYPED "Tall.Pylon.68x-typed"

struct needle {
	const char *what;
	uint8_t bytes[64];
	size_t length;
};

#define NOT_SEARCHED SIZE_MAX

static struct needle needles[NEEDLES_MAX];
static size_t needle_count;

static void look_for(const char *what, const void *bytes, size_t length)
{
	assert_true(needle_count < NEEDLES_MAX && length <= sizeof(needles[0].bytes));
	struct needle *needle = &needles[needle_count++];
	needle->what = what;
	needle->length = length;
	memcpy(needle->bytes, bytes, length);
}

/* What the child is told: the one answer, in memory that it gives back before it is searched. */
struct order {
	char answer[64];
	char password[64];
	int result;
	int dumpable_before, dumpable_after;
	unsigned calls;
	unsigned die_at;
};

static struct order *order;

static void fresh(void)
{
	rig_clock_set(START, 5000);
	rig_conf("[service combined]\nprompt_style = combined\n");
	rig_store();
	rig_service("combined", "auth required @\naccount required @\n");
	rig_log_clear();
	needle_count = 0;
}

static bool is_sanitized(void)
{
	const char *sanitizers = getenv("KLING_SANITIZERS");
	return sanitizers != NULL && sanitizers[0] != '\0';
}

/* Enrolls in a process of its own, so that this one's descendants inherit nothing of it. */
static void enroll_elsewhere(char code[16], char backup[32], uint8_t secret[20], uint8_t key[64])
{
	struct {
		char code[16], backup[32];
		uint8_t secret[20], key[64];
	} told;
	int pipes[2];
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		AUTO_STORE store = STORE_CLOSED;
		memset(&told, 0, sizeof(told));
		rig_enroll("alice", 2);
		rig_open(&store);
		(void)snprintf(told.code, sizeof(told.code), "%s", rig_code("alice", 0));
		(void)snprintf(told.backup, sizeof(told.backup), "%s", rig_backup(1));
		memcpy(told.secret, rig_token("alice")->secret, 20);
		memcpy(told.key, store.keyring.secrets.bytes, 64);
		_exit(write(pipes[1], &told, sizeof(told)) != sizeof(told));
	}
	assert_int_equal(read(pipes[0], &told, sizeof(told)), sizeof(told));
	int status = -1;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	(void)close(pipes[0]);
	(void)close(pipes[1]);
	memcpy(code, told.code, 16);
	memcpy(backup, told.backup, 32);
	memcpy(secret, told.secret, 20);
	memcpy(key, told.key, 64);
	explicit_bzero(&told, sizeof(told));
}

static void give_answer(struct talk *talk, const char *prompt)
{
	(void)prompt;
	talk->answers[0] = order->answer;
	talk->count = 1;
}

static void log_in(const char *service)
{
	struct talk talk = {.play = give_answer};
	const struct login login = {.service = service, .user = "alice", .rhost = "192.0.2.1"};
	order->dumpable_before = prctl(PR_GET_DUMPABLE);
	order->result = rig_login(&login, &talk);
	order->dumpable_after = prctl(PR_GET_DUMPABLE);
}

static size_t search(const uint8_t *bytes, size_t length, const char *where)
{
	size_t found = 0;
	for (size_t i = 0; i < needle_count; i++) {
		if (memmem(bytes, length, needles[i].bytes, needles[i].length) == NULL)
			continue;
		print_error("%s in %s\n", needles[i].what, where);
		found++;
	}
	return found;
}

/* --- afterwards ---------------------------------------------------------------------------------
 */

/* All that the other process can write, whether or not it would be dumped. */
static size_t search_process(pid_t pid)
{
	char path[64], line[512];
	size_t found = 0, bytes = 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	int memory = open(path, O_RDONLY | O_CLOEXEC);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	FILE *maps = fopen(path, "re");
	assert_true(memory >= 0 && maps != NULL);
	while (fgets(line, sizeof(line), maps) != NULL) {
		uintptr_t begin = 0, end = 0;
		if (strstr(line, " rw-") == NULL ||
		    sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &begin, &end) != 2)
			continue;
		uint8_t *copy = malloc(end - begin);
		assert_non_null(copy);
		ssize_t got = pread(memory, copy, end - begin, (off_t)begin);
		if (got > 0)
			found += search(copy, (size_t)got, line);
		bytes += got > 0 ? (size_t)got : 0;
		free(copy);
	}
	(void)fclose(maps);
	(void)close(memory);
	printf("%zu values searched for in %zu KiB of another process\n", needle_count,
	       bytes / 1024);
	assert_true(bytes > 100000);
	return found;
}

/* A core file, of which one thing is known that is no secret: it is the whole process. */
static size_t search_core_file(const char *path)
{
	const char *here = rig_path("");
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0 && fstat(fd, &info) == 0);
	size_t length = (size_t)info.st_size;
	uint8_t *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_true(bytes != MAP_FAILED);
	size_t found = search(bytes, length, "a core file");
	assert_non_null(memmem(bytes, length, here, strlen(here)));
	(void)munmap(bytes, length);
	(void)close(fd);
	(void)unlink(path);
	return found;
}

/* gdb's gcore: all that it can read of the process, excluded pages too. */
static _Noreturn void become_gcore(pid_t pid, const char *prefix)
{
	char number[16];
	int quiet = open("/dev/null", O_RDWR);
	(void)snprintf(number, sizeof(number), "%d", (int)pid);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		(void)dup2(quiet, fd);
	(void)execlp("gcore", "gcore", "-a", "-o", prefix, number, (char *)NULL);
	_exit(127);
}

static bool write_with_gcore(pid_t pid, const char *prefix)
{
	int status = -1;
	pid_t gcore = fork();
	assert_true(gcore >= 0);
	if (gcore == 0)
		become_gcore(pid, prefix);
	assert_int_equal(waitpid(gcore, &status, 0), gcore);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The same process as somebody else's program sees it. */
static size_t search_with_gcore(pid_t pid)
{
	char prefix[256], path[280];
	(void)snprintf(prefix, sizeof(prefix), "%s", rig_path("gcore"));
	(void)snprintf(path, sizeof(path), "%s.%d", prefix, (int)pid);
	if (!write_with_gcore(pid, prefix)) {
		print_message("gcore is not there (package gdb) or may not look\n");
		return NOT_SEARCHED;
	}
	size_t found = search_core_file(path);
	printf("%zu values searched for in what gcore wrote\n", needle_count);
	return found;
}

/* The child logs in, forgets what it was told and stands still. */
static pid_t leave_behind(const char *service, bool keep)
{
	int status = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		needle_count = 0;
		explicit_bzero(needles, sizeof(needles));
		log_in(service);
		if (!keep) {
			explicit_bzero(order->answer, sizeof(order->answer));
			explicit_bzero(order->password, sizeof(order->password));
		}
		(void)raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	return child;
}

static void end_child(pid_t child)
{
	int status;
	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
}

/* The values are known here and not in the child: what it inherits of them is wiped. */
static void prepare_needles(const char *service, bool right)
{
	char code[16], backup[32];
	uint8_t secret[20], key[64];
	fresh();
	enroll_elsewhere(code, backup, secret, key);
	bool combined = strcmp(service, "combined") == 0;
	(void)snprintf(order->answer, sizeof(order->answer), "%s%s", combined ? TYPED : "",
		       right ? (combined ? code : backup) : "ABCD-EFGH-JKMN-PQRS");
	look_for("the secret", secret, sizeof(secret));
	look_for("the host key", key, 32);
	look_for("another key", key + 32, 32);
	look_for("what was typed", order->answer, strlen(order->answer));
	if (combined)
		look_for("the code", code, strlen(code));
	explicit_bzero(code, sizeof(code));
	explicit_bzero(backup, sizeof(backup));
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(key, sizeof(key));
}

/* SEC-02, from outside: after a success and after a refusal, password, code and keys. */
static void expect_nothing(size_t (*search_in)(pid_t))
{
	static const struct {
		const char *service;
		bool right;
	} rows[] = {{"code", true}, {"code", false}, {"combined", true}};
	if (is_sanitized())
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		prepare_needles(rows[i].service, rows[i].right);
		pid_t child = leave_behind(rows[i].service, false);
		assert_int_equal(order->result, rows[i].right ? PAM_SUCCESS : PAM_AUTH_ERR);
		assert_int_equal(order->dumpable_before, order->dumpable_after);
		size_t found = search_in(child);
		end_child(child);
		if (found == NOT_SEARCHED)
			skip();
		assert_int_equal(found, 0);
	}
}

/* The search itself finds what was left on purpose. */
static void expect_what_is_there(size_t (*search_in)(pid_t))
{
	if (is_sanitized())
		skip();
	prepare_needles("code", true);
	pid_t child = leave_behind("code", true);
	size_t found = search_in(child);
	end_child(child);
	if (found == NOT_SEARCHED)
		skip();
	assert_true(found > 0);
}

static void nothing_stays_in_memory(void **state)
{
	(void)state;
	expect_nothing(search_process);
}

static void the_search_finds_what_is_there(void **state)
{
	(void)state;
	expect_what_is_there(search_process);
}

/* A second witness, which shares no line with the first. */
static void gcore_sees_nothing_either(void **state)
{
	(void)state;
	expect_nothing(search_with_gcore);
}

static void gcore_sees_what_is_there(void **state)
{
	(void)state;
	expect_what_is_there(search_with_gcore);
}

/* --- a core file --------------------------------------------------------------------------------
 */

static void die_there(const char *call)
{
	(void)call;
	if (++order->calls == order->die_at)
		abort();
}

/* What the program itself holds, it may dump; the answer was wiped by the time it is judged. */
static void forget_answer(struct talk *talk, const char *prompt)
{
	static char copy[64];
	(void)prompt;
	memcpy(copy, order->answer, sizeof(copy));
	talk->answers[0] = copy;
	talk->count = 1;
	fault_watch = die_there;
}

static void log_in_and_die(void)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	struct talk talk = {.play = forget_answer};
	const struct login login = {.service = "code", .user = "alice", .rhost = "192.0.2.1"};
	needle_count = 0;
	explicit_bzero(needles, sizeof(needles));
	if (setrlimit(RLIMIT_CORE, &all) != 0 || chdir(rig_path("cores")) != 0)
		_exit(77);
	order->result = rig_login(&login, &talk);
	_exit(0);
}

static size_t search_cores(unsigned *files)
{
	size_t found = 0;
	DIR *directory = opendir(rig_path("cores"));
	assert_non_null(directory);
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		char name[300];
		if (entry->d_type != DT_REG)
			continue;
		(void)snprintf(name, sizeof(name), "cores/%s", entry->d_name);
		found += search_core_file(rig_path(name));
		++*files;
	}
	(void)closedir(directory);
	return found;
}

/* Dies at that call behind the answer; false when it got to its end. */
static bool die_at(unsigned call)
{
	int status = -1;
	order->die_at = call;
	order->calls = 0;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		log_in_and_die();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 77);
	return WIFSIGNALED(status);
}

/* Where the kernel hands cores to a program or writes none, there is nothing to read. */
static bool cores_are_files(void)
{
	char pattern[128] = "";
	FILE *file = fopen("/proc/sys/kernel/core_pattern", "re");
	if (file == NULL || fgets(pattern, sizeof(pattern), file) == NULL)
		pattern[0] = '|';
	if (file != NULL)
		(void)fclose(file);
	return pattern[0] != '|' && pattern[0] != '/' && pattern[0] != '\n';
}

/* SEC-03: at every third call behind the answer; the core file has the process, but no secret. */
static void no_core_file_holds_a_secret(void **state)
{
	(void)state;
	unsigned files = 0, deaths = 0;
	size_t found = 0;
	if (is_sanitized() || !cores_are_files())
		skip();
	assert_int_equal(mkdir(rig_path("cores"), 0700), 0);
	prepare_needles("code", true);
	needle_count = 3; /* the keys; what is typed is the program's own as well */
	for (unsigned call = 1; call < CALLS_MAX; call += 3) {
		if (!die_at(call))
			break;
		deaths++;
		found += search_cores(&files);
	}
	printf("%u deaths, %u core files searched for %zu values\n", deaths, files, needle_count);
	if (files == 0)
		skip();
	assert_true(deaths > 10 && files == deaths);
	assert_int_equal(found, 0);
}

/* --- no locked memory ---------------------------------------------------------------------------
 */

/* Root may lock what it likes without this. */
static bool drop_lock_capability(void)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2];
	if (syscall(SYS_capget, &header, data) != 0)
		return false;
	data[0].effective &= ~(1U << CAP);
	data[0].permitted &= ~(1U << CAP);
	return syscall(SYS_capset, &header, data) == 0;
}

static int log_in_without_locks(bool limited)
{
	const struct rlimit none = {0, 0};
	int status = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (limited && (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || !drop_lock_capability()))
			_exit(77);
		_exit(rig_answer("alice", rig_code("alice", 0)));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* SEC-04 */
static void without_locked_memory_it_works_and_says_so(void **state)
{
	(void)state;
	if (is_sanitized())
		skip();
	for (int limited = 0; limited < 2; limited++) {
		fresh();
		rig_enroll("alice", 2);
		int result = log_in_without_locks(limited);
		if (result == 77)
			skip();
		assert_int_equal(result, PAM_SUCCESS);
		assert_int_equal(rig_log_count("memory cannot be locked"), limited);
		assert_int_equal(rig_log_count("event=accept reason=ok"), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_stays_in_memory),
	    cmocka_unit_test(the_search_finds_what_is_there),
	    cmocka_unit_test(gcore_sees_what_is_there),
	    cmocka_unit_test(gcore_sees_nothing_either),
	    cmocka_unit_test(no_core_file_holds_a_secret),
	    cmocka_unit_test(without_locked_memory_it_works_and_says_so),
	};
	order =
	    mmap(NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (order == MAP_FAILED)
		return 99;
	rig_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
