/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/stack/rig_faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <security/pam_modules.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
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

static _Thread_local struct fault armed;
static _Thread_local bool is_armed;
static _Thread_local long calls;

void (*fault_watch)(const char *call);
void (*fault_free_watch)(void *memory);

static const int opening[] = {EIO, EMFILE, EACCES, EINTR, 0};
static const int writing[] = {EIO, ENOSPC, EDQUOT, EINTR, 0};
static const int reading[] = {EIO, EINTR, 0};
static const int plain[] = {EIO, 0};
static const int exhausted[] = {ENOMEM, 0};
static const int lookup[] = {EIO, EMFILE, ENOMEM, 0};
static const int locking[] = {ENOLCK, EINTR, 0};
static const int pam[] = {PAM_BUF_ERR, PAM_SYSTEM_ERR, 0};
static const int any[] = {-1, 0};

const struct fault_call fault_calls[] = {
    {"malloc", exhausted},
    {"mmap", exhausted},
    {"open", opening},
    {"openat", opening},
    {"read", reading},
    {"pread", reading},
    {"pwrite", writing},
    {"fdatasync", writing},
    {"fsync", plain},
    {"fstat", plain},
    {"fstatat", plain},
    {"lstat", plain},
    {"fcntl", locking},
    {"lseek", plain},
    {"syscall", plain},
    {"clock_gettime", plain},
    {"getpwnam_r", lookup},
    {"getgrouplist", any},
    {"getgrgid_r", lookup},
    {"getgrnam_r", lookup},
    {"pam_get_item", pam},
    {"pam_set_item", pam},
    {"pam_get_user", pam},
    {"pam_get_data", pam},
    {"pam_set_data", pam},
    {"pam_getenv", any},
    {"AES_set_encrypt_key", any},
    {"CRYPTO_gcm128_new", any},
    {"CRYPTO_gcm128_aad", any},
    {"CRYPTO_gcm128_decrypt", any},
    {"CRYPTO_gcm128_finish", any},
    {"oath_totp_generate2", any},
};
const size_t fault_call_count = sizeof(fault_calls) / sizeof(fault_calls[0]);

void fault_arm(const struct fault *fault)
{
	armed = *fault;
	calls = 0;
	is_armed = true;
}

long fault_disarm(void)
{
	is_armed = false;
	return calls;
}

bool fault_has_memory(void)
{
#ifdef SANITIZED
	return false;
#else
	return true;
#endif
}

static bool strikes(const char *call)
{
	if (!is_armed) {
		if (fault_watch != NULL)
			fault_watch(call);
		return false;
	}
	if (strcmp(armed.call, call) != 0)
		return false;
	calls++;
	if (armed.at == 0 || calls < armed.at || (calls > armed.at && !armed.onwards))
		return false;
	errno = armed.error;
	return true;
}

/* The function behind ours. A library of which this program uses nothing else is not linked. */
static void *find_real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);
	if (found == NULL)
		found = dlsym(dlopen("liboath.so.0", RTLD_NOW), name);
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

EXPORT void *malloc(size_t size)
{
	return strikes("malloc") ? NULL : __libc_malloc(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
	return strikes("malloc") ? NULL : __libc_calloc(count, size);
}

EXPORT void *realloc(void *old, size_t size)
{
	return strikes("malloc") ? NULL : __libc_realloc(old, size);
}

EXPORT void free(void *memory)
{
	if (fault_free_watch != NULL && memory != NULL)
		fault_free_watch(memory);
	__libc_free(memory);
}
#endif

EXPORT void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset)
{
	if (strikes("mmap"))
		return MAP_FAILED;
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
		if (!armed.shortened)
			return -1;
		size = (size + 1) / 2;
	}
	return syscall(SYS_pread64, fd, bytes, size, offset);
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	if (strikes("pwrite")) {
		if (!armed.shortened)
			return -1;
		size = (size + 1) / 2;
	}
	return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

STANDS_IN(ssize_t, read, -1, (int fd, void *bytes, size_t size), (fd, bytes, size))
STANDS_IN(int, fdatasync, -1, (int fd), (fd))
STANDS_IN(int, fsync, -1, (int fd), (fd))
STANDS_IN(int, fstat, -1, (int fd, struct stat *info), (fd, info))
STANDS_IN(int, fstatat, -1, (int directory, const char *path, struct stat *info, int flags),
	  (directory, path, info, flags))
STANDS_IN(int, lstat, -1, (const char *path, struct stat *info), (path, info))
STANDS_IN(off_t, lseek, -1, (int fd, off_t offset, int whence), (fd, offset, whence))

EXPORT long syscall(long number, ...)
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

STANDS_IN(int, getpwnam_r, armed.error,
	  (const char *name, struct passwd *entry, char *buffer, size_t size,
	   struct passwd **result),
	  (name, entry, buffer, size, result))
STANDS_IN(int, getgrgid_r, armed.error,
	  (gid_t gid, struct group *entry, char *buffer, size_t size, struct group **result),
	  (gid, entry, buffer, size, result))
STANDS_IN(int, getgrnam_r, armed.error,
	  (const char *name, struct group *entry, char *buffer, size_t size, struct group **result),
	  (name, entry, buffer, size, result))
STANDS_IN(int, getgrouplist, -1, (const char *user, gid_t gid, gid_t *groups, int *count),
	  (user, gid, groups, count))

/* --- libpam -----------------------------------------------------------------------------------
 */

STANDS_IN(int, pam_get_item, armed.error, (const pam_handle_t *pamh, int type, const void **item),
	  (pamh, type, item))
STANDS_IN(int, pam_set_item, armed.error, (pam_handle_t * pamh, int type, const void *item),
	  (pamh, type, item))
STANDS_IN(int, pam_get_user, armed.error,
	  (pam_handle_t * pamh, const char **user, const char *prompt), (pamh, user, prompt))
/* Only for the module's own data: libpam's helpers keep theirs there, too, and ask for ever. */
static bool strikes_ours(const char *call, const char *name)
{
	return strncmp(name, "pam_kling", strlen("pam_kling")) == 0 && strikes(call);
}

EXPORT int pam_get_data(const pam_handle_t *pamh, const char *name, const void **data)
{
	REAL(pam_get_data);
	return strikes_ours("pam_get_data", name) ? armed.error : real(pamh, name, data);
}

EXPORT int pam_set_data(pam_handle_t *pamh, const char *name, void *data,
			void (*clean)(pam_handle_t *pamh, void *data, int status))
{
	REAL(pam_set_data);
	return strikes_ours("pam_set_data", name) ? armed.error : real(pamh, name, data, clean);
}

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
STANDS_IN_FOR(int, CRYPTO_gcm128_decrypt, -1,
	      (void *context, const void *in, void *out, size_t length), (context, in, out, length))
STANDS_IN_FOR(int, CRYPTO_gcm128_finish, -1, (void *context, const void *tag, size_t length),
	      (context, tag, length))
STANDS_IN_FOR(int, oath_totp_generate2, -1,
	      (const char *secret, size_t length, time_t now, unsigned step, time_t start,
	       unsigned digits, int flags, char *out),
	      (secret, length, now, step, start, digits, flags, out))
