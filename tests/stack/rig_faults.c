/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/stack/rig_faults.h"

#include <crypt.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <pwd.h>
#include <security/pam_modules.h>
#include <shadow.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

enum { PAIR = 2 };

static _Thread_local struct fault armed[PAIR];
static _Thread_local size_t armed_count;
static _Thread_local const char *struck_calls[PAIR];
static _Thread_local bool paused;
static _Thread_local long calls[PAIR];
static _Thread_local long calls_left;     /* 0: as many as it likes */
static _Thread_local struct fault struck; /* the one that failed last, its error settled */

void (*fault_watch)(const char *call);
void (*fault_free_watch)(void *memory);
bool fault_skip_barrier;

static const int opening[] = {EIO, EMFILE, EACCES, EINTR, 0};
static const int writing[] = {EIO, ENOSPC, EDQUOT, EINTR, 0};
static const int reading[] = {EIO, EINTR, 0};
static const int plain[] = {EIO, 0};
static const int exhausted[] = {ENOMEM, 0};
static const int lookup[] = {EIO, EMFILE, ENOMEM, 0};
static const int locking[] = {ENOLCK, EINTR, 0};
static const int pam[] = {PAM_BUF_ERR, PAM_SYSTEM_ERR, 0};
static const int any[] = {-1, 0};
static const int hashing[] = {ENOMEM, EINVAL, 0};
static const int interrupted[] = {EINTR, 0};

const struct fault_call fault_calls[] = {
    {"malloc", exhausted},
    {"mmap", exhausted},
    {"mlock", exhausted},
    {"madvise", plain},
    {"open", opening},
    {"openat", opening},
    {"mkdir", writing},
    {"mkdirat", writing},
    {"renameat", writing},
    {"unlinkat", plain},
    {"rmdir", plain},
    {"chmod", plain},
    {"fchmod", plain},
    {"ioctl", plain},
    {"read", reading},
    {"pread", reading},
    {"write", writing},
    {"pwrite", writing},
    {"fdatasync", writing},
    {"fsync", plain},
    {"close", reading},
    {"fclose", plain},
    {"fstat", plain},
    {"fstatat", plain},
    {"lstat", plain},
    {"fstatfs", plain},
    {"fcntl", locking},
    {"flock", locking},
    {"lseek", plain},
    {"syscall", plain},
    {"getrlimit", plain},
    {"getrandom", reading},
    {"clock_gettime", plain},
    {"nanosleep", interrupted},
    {"pthread_sigmask", any},
    {"gethostname", plain},
    {"dlopen", any},
    {"dlsym", any},
    {"QRcode_encodeString8bit", any},
    {"getpwnam_r", lookup},
    {"getpwuid_r", lookup},
    {"getspnam_r", lookup},
    {"getgrouplist", any},
    {"getgrgid_r", lookup},
    {"getgrnam_r", lookup},
    {"crypt_r", hashing},
    {"pam_get_item", pam},
    {"pam_set_item", pam},
    {"pam_get_user", pam},
    {"pam_get_data", pam},
    {"pam_set_data", pam},
    {"pam_getenv", any},
    {"pam_fail_delay", pam},
    {"AES_set_encrypt_key", any},
    {"CRYPTO_gcm128_new", any},
    {"CRYPTO_gcm128_aad", any},
    {"CRYPTO_gcm128_encrypt", any},
    {"CRYPTO_gcm128_decrypt", any},
    {"CRYPTO_gcm128_finish", any},
    {"oath_totp_generate2", any},
    {"audit_open", plain},
    {"audit_log_user_message", plain},
};
const size_t fault_call_count = sizeof(fault_calls) / sizeof(fault_calls[0]);

#define CANNOT  "cannot fail"
#define RUNTIME "the compiler's"

const struct fault_excuse fault_excuses[] = {
    {"AES_encrypt", CANNOT},
    {"CRYPTO_gcm128_release", CANNOT},
    {"CRYPTO_gcm128_setiv", CANNOT},
    {"CRYPTO_gcm128_tag", CANNOT},
    {"SHA1_Final", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA1_Init", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA1_Update", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA256_Final", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA256_Init", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA256_Update", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA512_Final", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA512_Init", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"SHA512_Update", "libcrypto's own digests cannot fail, and lib/crypto/digest.c uses them so"},
    {"_ITM_deregisterTMCloneTable", RUNTIME},
    {"_ITM_registerTMCloneTable", RUNTIME},
    {"__cxa_finalize", RUNTIME},
    {"__errno_location", CANNOT},
    {"__gmon_start__", RUNTIME},
    {"__open_2", "open stands for it"},
    {"__openat_2", "openat stands for it"},
    {"__stack_chk_fail", RUNTIME},
    {"calloc", "malloc stands for it"},
    {"dlclose", "nothing follows from it"},
    {"explicit_bzero", CANNOT},
    {"free", CANNOT},
    {"geteuid", CANNOT},
    {"getpid", CANNOT},
    {"getresuid", "fails only for an address that is none"},
    {"getuid", CANNOT},
    {"gmtime_r", "fails only for years that no 64-bit clock here can hold"},
    {"inet_ntop", CANNOT},
    {"inet_pton", CANNOT},
    {"memchr", CANNOT},
    {"bcmp", CANNOT},
    {"memcmp", CANNOT},
    {"memcpy", CANNOT},
    {"memmem", CANNOT},
    {"memmove", CANNOT},
    {"memset", CANNOT},
    {"munmap", "cannot fail for what mmap gave"},
    {"pam_syslog", "says nothing back"},
    {"realloc", "malloc stands for it"},
    {"sigdelset", CANNOT},
    {"sigfillset", CANNOT},
    {"snprintf", "fails only for what it is never asked"},
    {"strcasecmp", CANNOT},
    {"strchr", CANNOT},
    {"strcmp", CANNOT},
    {"strcspn", CANNOT},
    {"strlen", CANNOT},
    {"strncasecmp", CANNOT},
    {"strncmp", CANNOT},
    {"strnlen", CANNOT},
    {"strpbrk", CANNOT},
    {"strrchr", CANNOT},
    {"strspn", CANNOT},
    {"sysconf", "the page size is always known"},
    {"vsnprintf", "fails only for what it is never asked"},
};
const size_t fault_excuse_count = sizeof(fault_excuses) / sizeof(fault_excuses[0]);

void fault_arm(const struct fault *fault)
{
	armed[0] = *fault;
	calls[0] = 0;
	struck_calls[0] = struck_calls[1] = NULL;
	armed_count = 1;
}

void fault_arm_pair(const struct fault *first, const struct fault *second)
{
	armed[0] = *first;
	armed[1] = *second;
	calls[0] = calls[1] = 0;
	struck_calls[0] = struck_calls[1] = NULL;
	armed_count = PAIR;
}

const char *fault_struck(size_t index)
{
	return struck_calls[index] != NULL ? struck_calls[index] : "none";
}

void fault_bound(long most)
{
	calls_left = most;
}

static void count_down(const char *call)
{
	if (calls_left == 0 || --calls_left > 0)
		return;
	(void)fprintf(stderr, "too many calls, this one of %s\n", call);
	abort();
}

void fault_pause(void)
{
	paused = true;
}

void fault_go_on(void)
{
	paused = false;
}

long fault_disarm(void)
{
	armed_count = 0;
	return calls[0];
}

bool fault_has_memory(void)
{
#ifdef SANITIZED
	return false;
#else
	return true;
#endif
}

/* The errors of a call in turn; behind the last of a transfer comes half of it. */
static void settle(struct fault *fault, const char *call)
{
	const struct fault_call *known = fault_calls;
	while (strcmp(known->name, call) != 0)
		known++;
	int count = 0;
	while (known->errors[count] != 0)
		count++;
	bool transfer = strcmp(call, "pread") == 0 || strcmp(call, "pwrite") == 0;
	int which = fault->error % (count + transfer);
	fault->shortened = which == count;
	fault->error = known->errors[which];
}

static bool strikes(const char *call)
{
	bool hit = false;
	if (paused)
		return false;
	count_down(call);
	if (armed_count == 0 && fault_watch != NULL)
		fault_watch(call);
	for (size_t i = 0; i < armed_count; i++) {
		const struct fault *fault = &armed[i];
		if (fault->call != NULL && strcmp(fault->call, call) != 0)
			continue;
		calls[i]++;
		if (fault->at == 0 || calls[i] < fault->at ||
		    (calls[i] > fault->at && !fault->onwards))
			continue;
		struck = *fault;
		if (fault->call == NULL)
			settle(&struck, call);
		struck_calls[i] = call;
		hit = true;
	}
	if (hit)
		errno = struck.error;
	return hit;
}

#if !defined(__GLIBC__) || defined(SANITIZED)
#define real_dlsym dlsym
#else
/* This program defines dlsym itself. */
static void *real_dlsym(void *handle, const char *name)
{
	static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17"};
	static void *(*real)(void *handle, const char *name);
	for (size_t i = 0; real == NULL && i < sizeof(versions) / sizeof(versions[0]); i++)
		*(void **)&real = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
	if (real == NULL)
		abort();
	return real(handle, name);
}
#endif

static void *real_dlopen(const char *name, int flags)
{
	static void *(*real)(const char *, int);
	if (real == NULL)
		*(void **)&real = real_dlsym(RTLD_NEXT, "dlopen");
	return real(name, flags);
}

/* The function behind ours. A library of which this program uses nothing else is not linked. */
static void *find_real(const char *name)
{
	static const char *const others[] = {"liboath.so.0", "libaudit.so.1", "libcrypt.so.1",
					     "libqrencode.so.4"};
	void *found = real_dlsym(RTLD_NEXT, name);
	for (size_t i = 0; found == NULL && i < sizeof(others) / sizeof(others[0]); i++)
		if (real_dlopen(others[i], RTLD_NOW) != NULL)
			found = real_dlsym(real_dlopen(others[i], RTLD_NOW), name);
	if (found == NULL)
		abort();
	return found;
}

#define REAL(name)                                                                                 \
	static __typeof__(&name) real;                                                             \
	if (real == NULL)                                                                          \
	*(void **)&real = find_real(#name)

#define STANDS_IN(type, name, failure, declared, used)                                             \
	EXPORT type name declared                                                                  \
	{                                                                                          \
		REAL(name);                                                                        \
		if (strikes(#name))                                                                \
			return failure;                                                            \
		return real used;                                                                  \
	}

/* --- memory -----------------------------------------------------------------------------------
 */

#ifndef SANITIZED
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *memory);

static size_t live_heap, live_pages;

static void count_live(size_t *live, size_t more, size_t less)
{
	__atomic_fetch_add(live, more - less, __ATOMIC_RELAXED);
}

static void *counted(void *memory)
{
	count_live(&live_heap, malloc_usable_size(memory), 0);
	return memory;
}

EXPORT void *malloc(size_t size)
{
	return strikes("malloc") ? NULL : counted(__libc_malloc(size));
}

EXPORT void *calloc(size_t count, size_t size)
{
	return strikes("malloc") ? NULL : counted(__libc_calloc(count, size));
}

EXPORT void *realloc(void *old, size_t size)
{
	if (strikes("malloc"))
		return NULL;
	size_t before = malloc_usable_size(old);
	void *memory = __libc_realloc(old, size);
	if (memory != NULL || size == 0)
		count_live(&live_heap, malloc_usable_size(memory), before);
	return memory;
}

EXPORT void free(void *memory)
{
	if (fault_free_watch != NULL && memory != NULL)
		fault_free_watch(memory);
	count_live(&live_heap, 0, malloc_usable_size(memory));
	__libc_free(memory);
}

EXPORT int munmap(void *pages, size_t length)
{
	count_live(&live_pages, 0, length);
	return (int)syscall(SYS_munmap, pages, length);
}

size_t fault_live(void)
{
	return live_heap + live_pages;
}

static void count_pages(size_t length)
{
	count_live(&live_pages, length, 0);
}
#else
size_t fault_live(void)
{
	return 0;
}

static void count_pages(size_t length)
{
	(void)length;
}
#endif

EXPORT void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset)
{
	if (strikes("mmap"))
		return MAP_FAILED;
	count_pages(length);
	return (void *)syscall(SYS_mmap, where, length, protection, flags, fd, offset); // NOLINT
}

/* --- files ------------------------------------------------------------------------------------
 */

EXPORT int open(const char *path, int flags, ...)
{
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return strikes("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

EXPORT int openat(int directory, const char *path, int flags, ...)
{
	va_list arguments;
	va_start(arguments, flags);
	mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return strikes("openat") ? -1 : (int)syscall(SYS_openat, directory, path, flags, mode);
}

int __openat_2(int directory, const char *path, int flags);
EXPORT int __openat_2(int directory, const char *path, int flags)
{
	return strikes("openat") ? -1 : (int)syscall(SYS_openat, directory, path, flags, 0);
}

int __open_2(const char *path, int flags);
EXPORT int __open_2(const char *path, int flags)
{
	return strikes("open") ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

EXPORT int fcntl(int fd, int command, ...)
{
	va_list arguments;
	va_start(arguments, command);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	/* Only the locks: duplicating and flags cannot fail by themselves. */
	if (command == F_OFD_SETLK && ((struct flock *)argument)->l_type != F_UNLCK &&
	    strikes("fcntl"))
		return -1;
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

EXPORT ssize_t pread(int fd, void *bytes, size_t size, off_t offset)
{
	if (strikes("pread")) {
		if (!struck.shortened)
			return -1;
		size = (size + 1) / 2;
	}
	return syscall(SYS_pread64, fd, bytes, size, offset);
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (strikes("pwrite")) {
		if (!struck.shortened)
			return -1;
		size = (size + 1) / 2;
	}
	return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

#ifdef __GLIBC__
typedef unsigned long request_word;
typedef __rlimit_resource_t resource_word;
#else
typedef int request_word;
typedef int resource_word;
#endif

EXPORT int ioctl(int fd, request_word request, ...)
{
	va_list arguments;
	va_start(arguments, request);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	return strikes("ioctl") ? -1 : (int)syscall(SYS_ioctl, fd, request, argument);
}

/* As Linux does it: the descriptor is gone, whatever close says. */
EXPORT int close(int fd)
{
	bool failing = strikes("close");
	int error = errno;
	int result = (int)syscall(SYS_close, fd);
	if (!failing)
		return result;
	errno = error;
	return -1;
}

EXPORT int fclose(FILE *file)
{
	REAL(fclose);
	bool failing = strikes("fclose");
	int result = real(file);
	if (!failing)
		return result;
	errno = struck.error;
	return EOF;
}

EXPORT void *dlopen(const char *name, int flags)
{
	/* It fails as a whole: what the loader does about its own memory is not ours. */
	if (strikes("dlopen"))
		return NULL;
	bool was = paused;
	paused = true;
	void *library = real_dlopen(name, flags);
	paused = was;
	return library;
}

STANDS_IN(int, mkdir, -1, (const char *path, mode_t mode), (path, mode))
STANDS_IN(int, mkdirat, -1, (int directory, const char *path, mode_t mode), (directory, path, mode))
STANDS_IN(int, renameat, -1, (int from, const char *old, int to, const char *new),
	  (from, old, to, new))
STANDS_IN(int, unlinkat, -1, (int directory, const char *path, int flags), (directory, path, flags))
STANDS_IN(int, rmdir, -1, (const char *path), (path))
STANDS_IN(int, chmod, -1, (const char *path, mode_t mode), (path, mode))
STANDS_IN(int, fchmod, -1, (int fd, mode_t mode), (fd, mode))
STANDS_IN(int, fstatfs, -1, (int fd, struct statfs *info), (fd, info))
STANDS_IN(int, flock, -1, (int fd, int operation), (fd, operation))
STANDS_IN(ssize_t, write, -1, (int fd, const void *bytes, size_t size), (fd, bytes, size))
STANDS_IN(ssize_t, getrandom, -1, (void *bytes, size_t size, unsigned flags), (bytes, size, flags))
STANDS_IN(int, getrlimit, -1, (resource_word what, struct rlimit *limit), (what, limit))
STANDS_IN(int, gethostname, -1, (char *name, size_t size), (name, size))
STANDS_IN(int, nanosleep, -1, (const struct timespec *time, struct timespec *left), (time, left))
STANDS_IN(int, pthread_sigmask, EINVAL, (int how, const sigset_t *mask, sigset_t *old),
	  (how, mask, old))
STANDS_IN(int, mlock, -1, (const void *pages, size_t length), (pages, length))
STANDS_IN(int, madvise, -1, (void *pages, size_t length, int advice), (pages, length, advice))
STANDS_IN(ssize_t, read, -1, (int fd, void *bytes, size_t size), (fd, bytes, size))
STANDS_IN(int, fdatasync, -1, (int fd), (fd))
STANDS_IN(int, fsync, -1, (int fd), (fd))
STANDS_IN(int, fstat, -1, (int fd, struct stat *info), (fd, info))
STANDS_IN(int, fstatat, -1, (int directory, const char *path, struct stat *info, int flags),
	  (directory, path, info, flags))
STANDS_IN(int, lstat, -1, (const char *path, struct stat *info), (path, info))
STANDS_IN(off_t, lseek, -1, (int fd, off_t offset, int whence), (fd, offset, whence))

/* Six words are passed on, however many there were: some come from beyond them. */
__attribute__((no_sanitize("address"))) EXPORT long syscall(long number, ...)
{
	static long (*real)(long number, ...);
	long arguments[6];
	va_list list;
	va_start(list, number);
	for (size_t i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	if (real == NULL)
		*(void **)&real = find_real("syscall");
	if (number == SYS_getdents64 && strikes("syscall"))
		return -1;
	if (number == SYS_membarrier && fault_skip_barrier)
		return 0;
	return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
		    arguments[5]);
}

/* Whether a clock cannot be read: asked by the stage, whose clock it is. */
bool rig_clock_fails(void);
bool rig_clock_fails(void)
{
	return strikes("clock_gettime");
}

/* --- people -----------------------------------------------------------------------------------
 */

STANDS_IN(int, getpwnam_r, struck.error,
	  (const char *name, struct passwd *entry, char *buffer, size_t size,
	   struct passwd **result),
	  (name, entry, buffer, size, result))
STANDS_IN(int, getpwuid_r, struck.error,
	  (uid_t uid, struct passwd *entry, char *buffer, size_t size, struct passwd **result),
	  (uid, entry, buffer, size, result))
STANDS_IN(int, getspnam_r, struck.error,
	  (const char *name, struct spwd *entry, char *buffer, size_t size, struct spwd **result),
	  (name, entry, buffer, size, result))
STANDS_IN(char *, crypt_r, NULL, (const char *phrase, const char *setting, struct crypt_data *data),
	  (phrase, setting, data))
STANDS_IN(int, getgrgid_r, struck.error,
	  (gid_t gid, struct group *entry, char *buffer, size_t size, struct group **result),
	  (gid, entry, buffer, size, result))
STANDS_IN(int, getgrnam_r, struck.error,
	  (const char *name, struct group *entry, char *buffer, size_t size, struct group **result),
	  (name, entry, buffer, size, result))
STANDS_IN(int, getgrouplist, -1, (const char *user, gid_t gid, gid_t *groups, int *count),
	  (user, gid, groups, count))

/* --- libpam -----------------------------------------------------------------------------------
 */

STANDS_IN(int, pam_get_item, struck.error, (const pam_handle_t *pamh, int type, const void **item),
	  (pamh, type, item))
STANDS_IN(int, pam_set_item, struck.error, (pam_handle_t * pamh, int type, const void *item),
	  (pamh, type, item))
STANDS_IN(int, pam_get_user, struck.error,
	  (pam_handle_t * pamh, const char **user, const char *prompt), (pamh, user, prompt))
/* Only for the module's own data: libpam's helpers keep theirs there, too, and ask for ever. */
static bool strikes_ours(const char *call, const char *name)
{
	return strncmp(name, "pam_kling", strlen("pam_kling")) == 0 && strikes(call);
}

EXPORT int pam_get_data(const pam_handle_t *pamh, const char *name, const void **data)
{
	REAL(pam_get_data);
	return strikes_ours("pam_get_data", name) ? struck.error : real(pamh, name, data);
}

EXPORT int pam_set_data(pam_handle_t *pamh, const char *name, void *data,
			void (*clean)(pam_handle_t *pamh, void *data, int status))
{
	REAL(pam_set_data);
	return strikes_ours("pam_set_data", name) ? struck.error : real(pamh, name, data, clean);
}

STANDS_IN(int, pam_fail_delay, struck.error, (pam_handle_t * pamh, unsigned microseconds),
	  (pamh, microseconds))
STANDS_IN(const char *, pam_getenv, NULL, (pam_handle_t * pamh, const char *name), (pamh, name))

/* --- cryptography: what can fail (the digests cannot); by shape alone, without a header
 * --------------------------
 */

#define STANDS_IN_FOR(type, name, failure, declared, used)                                         \
	type name declared;                                                                        \
	STANDS_IN(type, name, failure, declared, used)

STANDS_IN_FOR(int, AES_set_encrypt_key, -1, (const void *key, int bits, void *out),
	      (key, bits, out))
STANDS_IN_FOR(void *, CRYPTO_gcm128_new, NULL, (void *key, void *block), (key, block))
STANDS_IN_FOR(int, CRYPTO_gcm128_aad, -1, (void *context, const void *bytes, size_t length),
	      (context, bytes, length))
STANDS_IN_FOR(int, CRYPTO_gcm128_encrypt, -1,
	      (void *context, const void *in, void *out, size_t length), (context, in, out, length))
STANDS_IN_FOR(int, CRYPTO_gcm128_decrypt, -1,
	      (void *context, const void *in, void *out, size_t length), (context, in, out, length))

/* Without a tag to compare, which libcrypto itself asks for, there is nothing that could fail. */
int CRYPTO_gcm128_finish(void *context, const void *tag, size_t length);
EXPORT int CRYPTO_gcm128_finish(void *context, const void *tag, size_t length)
{
	REAL(CRYPTO_gcm128_finish);
	if (tag != NULL && strikes("CRYPTO_gcm128_finish"))
		return -1;
	return real(context, tag, length);
}

STANDS_IN_FOR(int, oath_totp_generate2, -1,
	      (const char *secret, size_t length, time_t now, unsigned step, time_t start,
	       unsigned digits, int flags, char *out),
	      (secret, length, now, step, start, digits, flags, out))
STANDS_IN_FOR(void *, QRcode_encodeString8bit, NULL, (const char *text, int version, int level),
	      (text, version, level))
STANDS_IN_FOR(int, audit_open, -1, (void), ())
STANDS_IN_FOR(int, audit_log_user_message, -1,
	      (int fd, int type, const char *message, const char *host, const char *address,
	       const char *tty, int result),
	      (fd, type, message, host, address, tty, result))

/* Sanitizers look their own functions up by it. */
#if defined(__GLIBC__) && !defined(SANITIZED)
/* What is opened by name is found here first, as what is linked is. */
EXPORT void *dlsym(void *handle, const char *name)
{
	if (strikes("dlsym"))
		return NULL;
	if (strcmp(name, "crypt_r") == 0)
		return (void *)(uintptr_t)crypt_r;
	if (strcmp(name, "QRcode_encodeString8bit") == 0)
		return (void *)(uintptr_t)QRcode_encodeString8bit;
	return real_dlsym(handle, name);
}
#endif
