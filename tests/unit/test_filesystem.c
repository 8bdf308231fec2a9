/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/store/filesystem.h"

#include "tests/unit/store_scene.h"

#include <linux/magic.h>
#include <sys/vfs.h>

/* The numbers of the table against the headers that have them. */
static void types_have_names_and_risks(void **state)
{
	static const struct {
		uint64_t type;
		const char *name;
		enum filesystem_risk risk;
	} table[] = {
	    {EXT4_SUPER_MAGIC, "ext4", FILESYSTEM_GOOD},
	    {BTRFS_SUPER_MAGIC, "btrfs", FILESYSTEM_GOOD},
	    {TMPFS_MAGIC, "tmpfs", FILESYSTEM_MEMORY},
	    {RAMFS_MAGIC, "ramfs", FILESYSTEM_MEMORY},
	    {NFS_SUPER_MAGIC, "nfs", FILESYSTEM_NETWORK},
	    {SMB_SUPER_MAGIC, "smb", FILESYSTEM_NETWORK},
	    {V9FS_MAGIC, "9p", FILESYSTEM_NETWORK},
	    {OVERLAYFS_SUPER_MAGIC, "overlay", FILESYSTEM_LAYER},
	    {F2FS_SUPER_MAGIC, "f2fs", FILESYSTEM_COPIES},
	    {NILFS_SUPER_MAGIC, "nilfs2", FILESYSTEM_COPIES},
	    {MSDOS_SUPER_MAGIC, "vfat", FILESYSTEM_NO_RIGHTS},
	    {0xdead, "unknown", FILESYSTEM_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct filesystem fs = filesystem_by_type(table[i].type);
		assert_string_equal(fs.name, table[i].name);
		assert_int_equal(fs.risk, table[i].risk);
	}
}

static void an_open_directory_tells(void **state)
{
	struct filesystem fs;
	struct statfs there;
	int fd = open("/tmp", O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_ok(filesystem_of(fd, &fs));
	assert_int_equal(fstatfs(fd, &there), 0);
	assert_true(fs.type == ((uint64_t)there.f_type & 0xffffffff));
	close(fd);
	assert_status(filesystem_of(-1, &fs), ST_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(types_have_names_and_risks),
	    cmocka_unit_test(an_open_directory_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
