/* SPDX-License-Identifier: BSD-3-Clause */
/* The stage: a mount namespace, users, stacks, configuration and a store in a scratch directory. */
#include "lib/factor/answer.h"
#include "lib/factor/totp.h"
#include "tests/stack/rig.h"
#include "tests/stack/rig_world.h"

#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char stage[64];
static struct secret backup;
static pid_t owner;

enum { SKIPPED = 77, HARD_ERROR = 99 };

static void give_up(const char *why)
{
	printf("SKIP: %s: %s\n", why, strerror(errno));
	exit(SKIPPED);
}

static void must(bool worked, const char *what)
{
	if (worked)
		return;
	fprintf(stderr, "stage: %s: %s\n", what, strerror(errno));
	exit(HARD_ERROR);
}

const char *rig_path(const char *name)
{
	/* Small: a thread may have little room, and this comes out of it. */
	static _Thread_local char paths[12][320];
	static _Thread_local unsigned turn;
	char *path = paths[turn++ % 12];
	(void)snprintf(path, sizeof(paths[0]), "%s/%s", stage, name);
	return path;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	must(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, path);
	must(chmod(path, 0644) == 0, path);
}

/* Everybody's password is RIG_PASSWORD. */
static const char *shadow_lines(void)
{
	static const char *const names[] = {"root", "alice", "bob", "carol", "dave"};
	static char text[2048];
	const char *hash = crypt(RIG_PASSWORD, "$6$rounds=1000$klingstage$");
	must(hash != NULL && hash[0] == '$', "crypt");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t used = strlen(text);
		(void)snprintf(text + used, sizeof(text) - used, "%s:%s:20000:0:99999:7:::\n",
			       names[i], hash);
	}
	return text;
}

static void make_users(void)
{
	char text[8192] = "root:x:0:0:root:/root:/bin/sh\n"
			  "alice:x:1001:1001:Alice Liddell:/nonexistent:/bin/sh\n"
			  "bob:x:1002:1002:Bob:/nonexistent:/bin/sh\n"
			  "carol:x:1003:1003:Carol:/nonexistent:/bin/sh\n"
			  "dave:x:1004:1004:Dave:/nonexistent:/bin/sh\n";
	for (int i = 0; i < 64; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			       "user%d:x:%d:%d::/nonexistent:/bin/sh\n", i, 2000 + i, 2000 + i);
	write_file(rig_path("passwd"), text);
	write_file(rig_path("group"), "root:x:0:\nalice:x:1001:\nstaff:x:50:alice,bob\n");
	write_file(rig_path("nsswitch.conf"), "passwd: files\ngroup: files\nshadow: files\n");
	write_file(rig_path("shadow"), shadow_lines());
	write_file(rig_path("boot_id"), "11111111-2222-3333-4444-555555555555\n");
}

static void cover(const char *with, const char *path)
{
	if (mount(rig_path(with), path, "none", MS_BIND, NULL) != 0)
		give_up(path);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)info;
	(void)kind;
	(void)walk;
	return remove(path);
}

void rig_end(void)
{
	if (stage[0] == '\0' || getpid() != owner)
		return;
	(void)umount2("/etc/passwd", MNT_DETACH);
	(void)umount2("/etc/group", MNT_DETACH);
	(void)umount2("/etc/shadow", MNT_DETACH);
	(void)umount2("/etc/nsswitch.conf", MNT_DETACH);
	(void)umount2("/proc/sys/kernel/random/boot_id", MNT_DETACH);
	(void)umount2(stage, MNT_DETACH);
	(void)rmdir(stage);
	stage[0] = '\0';
}

void rig_begin(void)
{
	errno = 0;
	if (geteuid() != 0)
		give_up("needs root for a private mount namespace");
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0)
		give_up("no private mount namespace");
	must(getenv("KLING_MODULE") != NULL, "KLING_MODULE is not set");
	owner = getpid();
	(void)snprintf(stage, sizeof(stage), "/tmp/kling-stack-XXXXXX");
	must(mkdtemp(stage) != NULL, stage);
	/* Thousands of flushes: in memory they cost nothing, and the calls are the same. */
	must(mount("none", stage, "tmpfs", 0, "mode=0700") == 0, "tmpfs");
	must(atexit(rig_end) == 0, "atexit");
	must(mkdir(rig_path("pam.d"), 0755) == 0, "pam.d");
	make_users();
	cover("passwd", "/etc/passwd");
	cover("group", "/etc/group");
	cover("shadow", "/etc/shadow");
	cover("nsswitch.conf", "/etc/nsswitch.conf");
	cover("boot_id", "/proc/sys/kernel/random/boot_id");
	world_begin();
	rig_clock_set(1795262410, 5000);
	rig_conf("");
	rig_store();
	rig_service("other", "auth required pam_deny.so\naccount required pam_deny.so\n");
	rig_service("code", "auth required @\naccount required @\nsession optional @\n");
	rig_log_clear();
}

void rig_reboot(int64_t wall_seconds)
{
	static unsigned boots;
	char text[64];
	(void)snprintf(text, sizeof(text), "%08x-2222-3333-4444-555555555555\n",
		       0xb0070000U + ++boots);
	write_file(rig_path("boot_id"), text);
	rig_clock_set(rig_clock_now() + wall_seconds, 60);
}

void rig_conf(const char *lines)
{
	static char text[1 << 20];
	(void)snprintf(text, sizeof(text), "state_dir = %s/state\nkey_dir = %s/keys\n%s", stage,
		       stage, lines);
	write_file(rig_path("kling.conf"), text);
}

void rig_service(const char *service, const char *stack)
{
	char text[8192] = "", path[256];
	size_t used = 0;
	for (const char *c = stack; *c != '\0'; c++) {
		int wrote = *c == '@'
				? snprintf(text + used, sizeof(text) - used,
					   "%s conf=%s/kling.conf", getenv("KLING_MODULE"), stage)
				: snprintf(text + used, sizeof(text) - used, "%c", *c);
		must(wrote > 0, "stack text");
		used += (size_t)wrote;
	}
	(void)snprintf(path, sizeof(path), "pam.d/%s", service);
	write_file(rig_path(path), text);
}

static struct place stage_place(char state[256], char keys[256])
{
	(void)snprintf(state, 256, "%s/state", stage);
	(void)snprintf(keys, 256, "%s/keys", stage);
	return (struct place){state, keys, 0};
}

void rig_store(void)
{
	char state[256], keys[256];
	(void)nftw(rig_path("state"), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	(void)nftw(rig_path("keys"), remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	const struct place place = stage_place(state, keys);
	must(store_init(&place, false) == ST_OK, "store_init");
}

void rig_open(struct store *store)
{
	char state[256], keys[256];
	const struct place place = stage_place(state, keys);
	must(store_open(&place, store) == ST_OK, "store_open");
}

struct who rig_who(const char *user)
{
	const struct passwd *entry = getpwnam(user);
	must(entry != NULL, user);
	return (struct who){user, entry->pw_uid, true};
}

const struct token *rig_token(const char *user)
{
	static struct token token;
	token = (struct token){.id = 1,
			       .label = "phone",
			       .algorithm = TOKEN_SHA1,
			       .digits = 6,
			       .period = 30,
			       .secret_length = 20};
	uint32_t seed = 2166136261U;
	for (const char *c = user; *c != '\0'; c++)
		seed = (seed ^ (uint8_t)*c) * 16777619U;
	for (size_t i = 0; i < token.secret_length; i++) {
		seed = seed * 1664525U + 1013904223U;
		token.secret[i] = (uint8_t)(seed >> 24);
	}
	return &token;
}

void rig_enroll(const char *user, unsigned codes)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	AUTO_ENROLLMENT enrollment = {0};
	struct token_use uses[TOKENS_MAX] = {{.id = 1}};
	rig_open(&store);
	const struct who who = rig_who(user);
	must(account_lock_own(&store, &who, &account) == ST_OK, "account_lock_own");
	must(enrollment_new(&enrollment) == ST_OK, "enrollment_new");
	enrollment.record->made = rig_clock_now();
	enrollment.record->token_count = 1;
	enrollment.record->tokens[0] = *rig_token(user);
	enrollment.record->next_token_id = 2;
	if (codes > 0) {
		uint8_t pepper[SHA256_BYTES];
		account_pepper(&store, pepper);
		must(backup_make(1, codes, 1000, rig_clock_now(), pepper,
				 &enrollment.record->backup, &backup) == ST_OK,
		     "backup codes");
		enrollment.record->next_set_id = 2;
	}
	must(account_enroll(&account, &enrollment, uses, 0) == ST_OK, "account_enroll");
}

const char *rig_backup(unsigned index)
{
	return (const char *)backup.bytes + (size_t)index * BACKUP_CODE_TEXT;
}

const char *rig_code(const char *user, int steps)
{
	static char codes[8][9];
	static unsigned turn;
	char *code = codes[turn++ % 8];
	const struct token *token = rig_token(user);
	uint64_t step = (uint64_t)((int64_t)totp_step(token, rig_clock_now()) + steps);
	must(totp_code(token, step, code) == ST_OK, "totp_code");
	return code;
}

const char *rig_wrong(const char *user)
{
	static char wrong[7];
	for (unsigned value = 123457;; value += 7) {
		bool right = false;
		(void)snprintf(wrong, sizeof(wrong), "%06u", value % 1000000);
		for (int step = -3; step <= 3; step++)
			right |= strcmp(wrong, rig_code(user, step)) == 0;
		if (!right)
			return wrong;
	}
}

static uint64_t fingerprint;

static int add_entry(const char *path, const struct stat *info, int kind)
{
	(void)kind;
	uint64_t hash = 14695981039346656037U;
	for (const char *c = path; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * 1099511628211U;
	hash ^= (uint64_t)info->st_mode << 32;
	if (S_ISREG(info->st_mode)) {
		static uint8_t bytes[65536];
		int file = open(path, O_RDONLY | O_CLOEXEC);
		must(file >= 0, path);
		for (ssize_t got; (got = read(file, bytes, sizeof(bytes))) > 0;)
			for (ssize_t i = 0; i < got; i++)
				hash = (hash ^ bytes[i]) * 1099511628211U;
		(void)close(file);
	}
	fingerprint += hash;
	return 0;
}

static uint64_t fingerprint_below(const char *path)
{
	fingerprint = 0;
	must(ftw(path, add_entry, 16) == 0, path);
	return fingerprint;
}

uint64_t rig_fingerprint(void)
{
	return fingerprint_below(rig_path("state"));
}

uint64_t rig_user_fingerprint(const char *user)
{
	char name[256];
	(void)snprintf(name, sizeof(name), "state/users/%s", user);
	return fingerprint_below(rig_path(name));
}

int rig_as(unsigned uid, int (*body)(void *context), void *context)
{
	int status = -1;
	pid_t child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		must(setresuid(uid, 0, 0) == 0, "setresuid");
		_exit(body(context));
	}
	must(waitpid(child, &status, 0) == child && WIFEXITED(status), "child");
	return WEXITSTATUS(status);
}

void rig_unlock(const char *user)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	rig_open(&store);
	const struct who who = rig_who(user);
	must(account_lock(&store, &who, &account) == ST_OK, "account_lock");
	lockout_unlock(&account.state->ledgers);
	must(account_commit(&account) == ST_OK, "account_commit");
}

const struct live_state *rig_state(const char *user)
{
	static struct live_state states[2];
	static unsigned turn;
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	rig_open(&store);
	const struct who who = rig_who(user);
	must(account_lock(&store, &who, &account) == ST_OK, "account_lock");
	states[++turn % 2] = *account.state;
	return &states[turn % 2];
}
