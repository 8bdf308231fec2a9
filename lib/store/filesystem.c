/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/filesystem.h"

#include <stddef.h>
#include <sys/vfs.h>

/* The numbers are the kernel's (statfs(2)); not all of them stand in its public headers. */
static const struct filesystem known[] = {
    {"ext4", FILESYSTEM_GOOD, 0xef53}, /* ext2 and ext3 too */
    {"xfs", FILESYSTEM_GOOD, 0x58465342},
    {"btrfs", FILESYSTEM_GOOD, 0x9123683e}, /* our files are made without copy-on-write */
    {"jfs", FILESYSTEM_GOOD, 0x3153464a},
    {"zfs", FILESYSTEM_COPIES, 0x2fc12fc1},
    {"bcachefs", FILESYSTEM_COPIES, 0xca451a4e},
    {"f2fs", FILESYSTEM_COPIES, 0xf2f52010},
    {"nilfs2", FILESYSTEM_COPIES, 0x3434},
    {"tmpfs", FILESYSTEM_MEMORY, 0x01021994},
    {"ramfs", FILESYSTEM_MEMORY, 0x858458f6},
    {"overlay", FILESYSTEM_LAYER, 0x794c7630},
    {"aufs", FILESYSTEM_LAYER, 0x61756673},
    {"nfs", FILESYSTEM_NETWORK, 0x6969},
    {"cifs", FILESYSTEM_NETWORK, 0xff534d42},
    {"smb2", FILESYSTEM_NETWORK, 0xfe534d42},
    {"smb", FILESYSTEM_NETWORK, 0x517b},
    {"9p", FILESYSTEM_NETWORK, 0x01021997},
    {"afs", FILESYSTEM_NETWORK, 0x5346414f},
    {"ceph", FILESYSTEM_NETWORK, 0x00c36400},
    {"gfs2", FILESYSTEM_NETWORK, 0x01161970},
    {"ocfs2", FILESYSTEM_NETWORK, 0x7461636f},
    {"lustre", FILESYSTEM_NETWORK, 0x0bd00bd0},
    {"coda", FILESYSTEM_NETWORK, 0x73757245},
    {"vboxsf", FILESYSTEM_NETWORK, 0x786f4256},
    {"fuse", FILESYSTEM_FUSE, 0x65735546},
    {"vfat", FILESYSTEM_NO_RIGHTS, 0x4d44},
    {"exfat", FILESYSTEM_NO_RIGHTS, 0x2011bab0},
    {"ntfs", FILESYSTEM_NO_RIGHTS, 0x5346544e},
    {"ntfs3", FILESYSTEM_NO_RIGHTS, 0x7366746e},
};

struct filesystem filesystem_by_type(uint64_t type)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].type == type)
			return known[i];
	return (struct filesystem){"unknown", FILESYSTEM_UNKNOWN, type};
}

enum status filesystem_of(int fd, struct filesystem *filesystem)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return ST_IO;
	/* A signed word on some machines. */
	*filesystem = filesystem_by_type((uint64_t)fs.f_type & 0xffffffff);
	return ST_OK;
}
