/* SPDX-License-Identifier: BSD-3-Clause */
/* The stage's store and keys as they once were, put back file by file. */
#include "tests/stack/rig.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES_MAX = 64, PAGE = 4096 };

struct entry {
	char path[320];
	mode_t mode;
	size_t length;
	uint8_t *bytes;
	struct timespec changed; /* when this file was last put right */
};

static struct entry entries[ENTRIES_MAX];
static size_t entry_count;

static void must(bool worked, const char *what)
{
	if (worked)
		return;
	fprintf(stderr, "snapshot: %s: %s\n", what, strerror(errno));
	exit(99);
}

static int keep(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)kind;
	(void)walk;
	must(entry_count < ENTRIES_MAX, "too many files");
	struct entry *entry = &entries[entry_count++];
	(void)snprintf(entry->path, sizeof(entry->path), "%s", path);
	entry->mode = info->st_mode;
	entry->changed = info->st_ctim;
	if (!S_ISREG(info->st_mode))
		return 0;
	entry->length = (size_t)info->st_size;
	entry->bytes = malloc(entry->length + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd >= 0 && entry->bytes != NULL, path);
	must(pread(fd, entry->bytes, entry->length, 0) == (ssize_t)entry->length, path);
	(void)close(fd);
	return 0;
}

void rig_save(void)
{
	for (size_t i = 0; i < entry_count; i++)
		free(entries[i].bytes);
	memset(entries, 0, sizeof(entries));
	entry_count = 0;
	must(nftw(rig_path("state"), keep, 16, FTW_PHYS) == 0, "state");
	must(nftw(rig_path("keys"), keep, 16, FTW_PHYS) == 0, "keys");
}

static int remove_newer(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
	(void)kind;
	(void)walk;
	for (size_t i = 0; i < entry_count; i++)
		if (strcmp(entries[i].path, path) == 0)
			return (entries[i].mode & S_IFMT) == (info->st_mode & S_IFMT)
				   ? 0
				   : remove(path);
	return remove(path);
}

static bool is_as_it_was(const struct entry *entry)
{
	struct stat info;
	return lstat(entry->path, &info) == 0 && (size_t)info.st_size == entry->length &&
	       info.st_ctim.tv_sec == entry->changed.tv_sec &&
	       info.st_ctim.tv_nsec == entry->changed.tv_nsec;
}

/* Only the pages that differ: the tables are large. */
static void put_back(struct entry *entry)
{
	struct stat info;
	int fd = open(entry->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0 && ftruncate(fd, (off_t)entry->length) == 0, entry->path);
	uint8_t *now = entry->length > 0
			   ? mmap(NULL, entry->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
			   : NULL;
	must(now != MAP_FAILED, entry->path);
	for (size_t at = 0; at < entry->length; at += PAGE) {
		size_t length = entry->length - at < PAGE ? entry->length - at : PAGE;
		if (memcmp(now + at, entry->bytes + at, length) != 0)
			memcpy(now + at, entry->bytes + at, length);
	}
	if (entry->length > 0)
		(void)munmap(now, entry->length);
	must(fchmod(fd, entry->mode & 07777) == 0 && fstat(fd, &info) == 0, entry->path);
	entry->changed = info.st_ctim;
	(void)close(fd);
}

void rig_restore(void)
{
	must(nftw(rig_path("state"), remove_newer, 16, FTW_DEPTH | FTW_PHYS) == 0, "state");
	must(nftw(rig_path("keys"), remove_newer, 16, FTW_DEPTH | FTW_PHYS) == 0, "keys");
	for (size_t i = 0; i < entry_count; i++) {
		struct entry *entry = &entries[i];
		if (S_ISDIR(entry->mode))
			must(mkdir(entry->path, entry->mode & 07777) == 0 || errno == EEXIST,
			     entry->path);
		else if (!is_as_it_was(entry))
			put_back(entry);
	}
}
