/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/fault/operations.h"
#include "tests/fault/shim.h"

#include <dirent.h>

/*
 * A model of a file system that promises no more than POSIX does. What was written to a file
 * before its flush is there after a power cut. What was written since may be there, be absent, or
 * be there in part; each change of a name since the flush of its directory may be there or not,
 * one by one. Each such disk is built and looked at.
 */
enum { NODES_MAX = 64, NAMES_MAX = 64, PENDING_MAX = 10 };

/* How much of a write that was not flushed arrived. */
enum arrival { ABSENT, WHOLE, FIRST_HALF, SECOND_HALF, ARRIVALS };

struct node {
	uint64_t file;
	bool is_directory;
	uint8_t *bytes;
	size_t length;
};

struct name {
	char path[256];
	size_t node;
};

struct disk {
	struct node nodes[NODES_MAX];
	size_t node_count;
	struct name names[NAMES_MAX];
	size_t name_count;
};

static void disk_free(struct disk *disk)
{
	for (size_t i = 0; i < disk->node_count; i++)
		free(disk->nodes[i].bytes);
	memset(disk, 0, sizeof(*disk));
}

static size_t add_node(struct disk *disk, uint64_t file, bool is_directory)
{
	assert_true(disk->node_count < NODES_MAX);
	disk->nodes[disk->node_count] = (struct node){.file = file, .is_directory = is_directory};
	return disk->node_count++;
}

/* The newest of that inode number, as the number of a file that went may come again. */
static size_t find_node(struct disk *disk, uint64_t file)
{
	for (size_t i = disk->node_count; i > 0; i--)
		if (disk->nodes[i - 1].file == file)
			return i - 1;
	return add_node(disk, file, false);
}

static void drop_name(struct disk *disk, const char *path)
{
	size_t kept = 0;
	size_t length = strlen(path);

	for (size_t i = 0; i < disk->name_count; i++) {
		const char *name = disk->names[i].path;
		bool below = strncmp(name, path, length) == 0 && name[length] == '/';
		if (strcmp(name, path) != 0 && !below)
			disk->names[kept++] = disk->names[i];
	}
	disk->name_count = kept;
}

static void set_name(struct disk *disk, const char *path, size_t node)
{
	drop_name(disk, path);
	assert_true(disk->name_count < NAMES_MAX);
	struct name *name = &disk->names[disk->name_count++];
	snprintf(name->path, sizeof(name->path), "%s", path);
	name->node = node;
}

/* Also a whole directory with what lies below it. */
static void move_names(struct disk *disk, const char *from, const char *to)
{
	size_t length = strlen(from);

	for (size_t i = 0; i < disk->name_count; i++) {
		char *path = disk->names[i].path;
		char rest[256];
		if (strncmp(path, from, length) != 0 || (path[length] && path[length] != '/'))
			continue;
		snprintf(rest, sizeof(rest), "%s", path + length);
		int put = snprintf(path, sizeof(disk->names[i].path), "%s%s", to, rest);
		assert_true(put > 0 && put < 256);
	}
}

static void write_node(struct node *node, off_t offset, const uint8_t *bytes, size_t length)
{
	size_t end = (size_t)offset + length;

	if (length == 0)
		return;
	if (end > node->length) {
		node->bytes = realloc(node->bytes, end);
		assert_non_null(node->bytes);
		memset(node->bytes + node->length, 0, end - node->length);
		node->length = end;
	}
	memcpy(node->bytes + offset, bytes, length);
}

static struct disk base;

static int snapshot_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	size_t node = add_node(&base, st->st_ino, type == FTW_D);
	set_name(&base, path, node);
	if (type != FTW_D) {
		base.nodes[node].bytes = malloc((size_t)st->st_size + 1);
		base.nodes[node].length =
		    read_whole(path, base.nodes[node].bytes, (size_t)st->st_size + 1);
	}
	return 0;
}

static void snapshot(const struct scene *s)
{
	disk_free(&base);
	assert_int_equal(nftw(s->dir, snapshot_entry, 16, FTW_PHYS), 0);
}

static void copy_base(struct disk *disk)
{
	disk_free(disk);
	*disk = base;
	for (size_t i = 0; i < base.node_count; i++) {
		if (!base.nodes[i].bytes)
			continue;
		disk->nodes[i].bytes = malloc(base.nodes[i].length + 1);
		memcpy(disk->nodes[i].bytes, base.nodes[i].bytes, base.nodes[i].length);
	}
}

static bool is_in(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 && path[length] == '/' &&
	       !strchr(path + length + 1, '/');
}

/* Whether the flush makes the event before it last. */
static bool covers(const struct shim_event *flush, const struct shim_event *event)
{
	switch (event->kind) {
	case SHIM_WRITE:
		return flush->kind == SHIM_FLUSH && flush->file == event->file;
	case SHIM_RENAME: /* between two directories: when both know */
		return flush->kind == SHIM_FLUSH_DIRECTORY && is_in(event->to, flush->path);
	case SHIM_MKDIR:
	case SHIM_CREATE:
	case SHIM_UNLINK:
		return flush->kind == SHIM_FLUSH_DIRECTORY && is_in(event->path, flush->path);
	case SHIM_FLUSH:
	case SHIM_FLUSH_DIRECTORY:
	case SHIM_MARK:
		break;
	}
	return true;
}

static bool lasts(const struct shim_event *events, size_t index, size_t cut)
{
	for (size_t i = index + 1; i < cut; i++)
		if (covers(&events[i], &events[index]))
			return true;
	return false;
}

static bool is_change(const struct shim_event *event)
{
	return event->kind != SHIM_FLUSH && event->kind != SHIM_FLUSH_DIRECTORY &&
	       event->kind != SHIM_MARK;
}

static void apply_write(struct disk *disk, const struct shim_event *event, enum arrival arrival)
{
	struct node *node = &disk->nodes[find_node(disk, event->file)];
	size_t half = event->length / 2 / 512 * 512;

	if (arrival == WHOLE)
		write_node(node, event->offset, event->bytes, event->length);
	else if (arrival == FIRST_HALF)
		write_node(node, event->offset, event->bytes, half);
	else if (arrival == SECOND_HALF)
		write_node(node, event->offset + (off_t)half, event->bytes + half,
			   event->length - half);
}

static void apply(struct disk *disk, const struct shim_event *event, enum arrival arrival)
{
	switch (event->kind) {
	case SHIM_MKDIR:
		if (arrival)
			set_name(disk, event->path, add_node(disk, 0, true));
		break;
	case SHIM_CREATE: {
		size_t node = add_node(disk, event->file, false);
		if (arrival)
			set_name(disk, event->path, node);
		break;
	}
	case SHIM_WRITE:
		apply_write(disk, event, arrival);
		break;
	case SHIM_RENAME: {
		struct node *node = &disk->nodes[find_node(disk, event->file)];
		if (arrival && node->is_directory) {
			move_names(disk, event->path, event->to);
		} else if (arrival) {
			drop_name(disk, event->path);
			set_name(disk, event->to, (size_t)(node - disk->nodes));
		}
		break;
	}
	case SHIM_UNLINK:
		if (arrival)
			drop_name(disk, event->path);
		break;
	case SHIM_FLUSH:
	case SHIM_FLUSH_DIRECTORY:
	case SHIM_MARK:
		break;
	}
}

static bool has_directory(const struct disk *disk, const char *path)
{
	char above[256];

	size_t length = (size_t)(strrchr(path, '/') - path);

	memcpy(above, path, length);
	above[length] = '\0';
	for (size_t i = 0; i < disk->name_count; i++)
		if (strcmp(disk->names[i].path, above) == 0)
			return disk->nodes[disk->names[i].node].is_directory;
	return false;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->path, ((const struct name *)b)->path);
}

/* What hangs in no directory is not there. */
static void build(struct scene *s, struct disk *disk)
{
	store_close(&s->store);
	remove_tree(s->dir);
	assert_int_equal(mkdir(s->dir, 0700), 0);
	qsort(disk->names, disk->name_count, sizeof(disk->names[0]), by_path);
	for (size_t i = 0; i < disk->name_count; i++) {
		const struct name *name = &disk->names[i];
		const struct node *node = &disk->nodes[name->node];
		if (strcmp(name->path, s->dir) == 0)
			continue;
		if (!has_directory(disk, name->path) || access(name->path, F_OK) == 0)
			continue;
		if (node->is_directory)
			(void)mkdir(name->path, 0700);
		else
			write_whole(name->path, node->bytes, node->length);
	}
}

/* One power cut behind `cut` events: the choices of what is pending, as the digits of a number. */
struct cut {
	size_t pending[PENDING_MAX];
	unsigned digits[PENDING_MAX];
	size_t count;
};

static unsigned choices_of(const struct shim_event *event)
{
	return event->kind == SHIM_WRITE ? ARRIVALS : 2;
}

static void begin_cut(const struct shim_event *events, size_t at, struct cut *cut)
{
	memset(cut, 0, sizeof(*cut));
	for (size_t i = 0; i < at; i++) {
		if (!is_change(&events[i]) || lasts(events, i, at))
			continue;
		assert_true(cut->count < PENDING_MAX);
		cut->pending[cut->count++] = i;
	}
}

static bool next_choice(const struct shim_event *events, struct cut *cut)
{
	for (size_t i = 0; i < cut->count; i++) {
		if (++cut->digits[i] < choices_of(&events[cut->pending[i]]))
			return true;
		cut->digits[i] = 0;
	}
	return false;
}

static void replay(struct disk *disk, const struct shim_event *events, size_t at,
		   const struct cut *cut)
{
	size_t next = 0;

	copy_base(disk);
	for (size_t i = 0; i < at; i++) {
		bool pending = next < cut->count && cut->pending[next] == i;
		apply(disk, &events[i], pending ? (enum arrival)cut->digits[next] : WHOLE);
		next += pending;
	}
}

/* All disks of one operation. Behind its end it must be done, if it is not a soft one. */
static unsigned cut_everywhere(struct scene *s, const struct operation *operation,
			       unsigned verdicts[3])
{
	static struct disk disk;
	size_t count = 0;
	unsigned disks = 0;
	const struct shim_event *events = shim_recorded(&count);

	for (size_t at = 0; at <= count; at++) {
		struct cut cut;
		begin_cut(events, at, &cut);
		do {
			replay(&disk, events, at, &cut);
			build(s, &disk);
			enum verdict verdict = operation_judge(s, operation, true);
			verdicts[verdict]++;
			if (at == count && !operation->is_soft)
				assert_int_equal(verdict, AFTER);
			if (disks++ % 7 == 0)
				operation_resume(s, operation);
		} while (next_choice(events, &cut));
	}
	disk_free(&disk);
	return disks;
}

/* DUR-03, DUR-04, DUR-13 */
static void cut_anywhere_it_is_before_or_after(void **state)
{
	struct scene *s = operations_begin();
	unsigned all = 0;

	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		unsigned verdicts[3] = {0};
		operation_prepare(s, &operations[i]);
		snapshot(s);
		shim_record();
		assert_ok(operations[i].run(s));
		unsigned disks = cut_everywhere(s, &operations[i], verdicts);
		shim_forget();
		print_message("%-28s %4u disks: %4u before, %4u after\n", operations[i].name, disks,
			      verdicts[BEFORE], verdicts[AFTER]);
		assert_true(verdicts[BEFORE] > 0 && verdicts[AFTER] > 0);
		all += disks;
	}
	print_message("%u disks\n", all);
	disk_free(&base);
	operations_end(s);
}

/* Many commits of all kinds in a row: never less than what was acknowledged as durable. */
static void record_commits(struct scene *s, unsigned count)
{
	for (unsigned i = 2; i <= count; i++) {
		static enum status (*const hows[])(struct account *) = {
		    account_commit, account_commit_soft, account_commit_soft,
		    account_commit, account_commit_both, account_commit_soft};
		enum status (*how)(struct account *) = hows[i % LENGTH(hows)];
		assert_ok(account_lock(&s->store, &s->alice, &s->account));
		s->account.state->failures = i;
		assert_ok(how(&s->account));
		account_unlock(&s->account);
		if (how != account_commit_soft)
			shim_mark((long)i);
	}
}

static void assert_at_least(struct scene *s, long least, long most)
{
	assert_ok(scene_reopen(s));
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_in_range(s->account.state->failures, (unsigned long)least, (unsigned long)most);
	account_unlock(&s->account);
}

static void no_acknowledged_commit_is_lost(void **state)
{
	enum { COMMITS = 30 };
	struct scene *s = operations_begin();
	static struct disk disk;
	size_t count = 0;
	long acknowledged = 1;
	unsigned disks = 0;

	(void)state;
	operation_prepare(s, &operations[0]);
	snapshot(s);
	shim_record();
	record_commits(s, COMMITS);
	const struct shim_event *events = shim_recorded(&count);
	for (size_t at = 0; at <= count; at++) {
		struct cut cut;
		if (at > 0 && events[at - 1].kind == SHIM_MARK)
			acknowledged = events[at - 1].mark;
		begin_cut(events, at, &cut);
		do {
			replay(&disk, events, at, &cut);
			build(s, &disk);
			assert_at_least(s, acknowledged, COMMITS);
			disks++;
		} while (next_choice(events, &cut));
	}
	print_message("%u disks of %zu events\n", disks, count);
	assert_true(disks > 100);
	disk_free(&disk);
	disk_free(&base);
	shim_forget();
	operations_end(s);
}

/* Killed at its n-th call; what it held is given back as by the kernel. False: it got through. */
static bool die_at(struct scene *s, const struct operation *operation, long n)
{
	static jmp_buf died;
	const struct shim_plan plan = {.fail_at = n, .die = &died};
	const char *failed = NULL;

	if (setjmp(died) == 0) {
		shim_arm(&plan);
		assert_ok(operation->run(s));
	}
	(void)shim_disarm(&failed);
	account_unlock(&s->account);
	enrollment_clear(&s->enrollment);
	return failed != NULL;
}

static void log_in(struct scene *s)
{
	assert_ok(scene_reopen(s));
	assert_ok(account_lock(&s->store, &s->alice, &s->account));
	assert_ok(account_enrollment(&s->account, &s->enrollment));
	enrollment_clear(&s->enrollment);
	assert_ok(account_commit(&s->account));
	account_unlock(&s->account);
}

static unsigned cut_at_the_end(struct scene *s, const struct operation *operation)
{
	static struct disk disk;
	struct cut cut;
	size_t count = 0;
	unsigned disks = 0;
	const struct shim_event *events = shim_recorded(&count);

	begin_cut(events, count, &cut);
	do {
		replay(&disk, events, count, &cut);
		build(s, &disk);
		(void)operation_judge(s, operation, true);
		disks++;
	} while (next_choice(events, &cut));
	disk_free(&disk);
	return disks;
}

/* Who enrolls is killed, somebody logs in with what is there, and then the power goes. */
static void a_login_behind_a_killed_writer_lasts(void **state)
{
	if (is_sanitized()) /* the dead free nothing */
		skip();
	struct scene *s = operations_begin();
	unsigned disks = 0;

	(void)state;
	for (size_t i = 0; i < operation_count; i++) {
		const struct operation *operation = &operations[i];
		bool died = strcmp(operation->name, "enroll again") == 0;
		for (long n = 1; died; n++) {
			operation_prepare(s, operation);
			snapshot(s);
			shim_record();
			died = die_at(s, operation, n);
			log_in(s);
			disks += cut_at_the_end(s, operation);
			shim_forget();
		}
	}
	print_message("%u disks\n", disks);
	assert_true(disks > 40);
	disk_free(&base);
	operations_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cut_anywhere_it_is_before_or_after),
	    cmocka_unit_test(no_acknowledged_commit_is_lost),
	    cmocka_unit_test(a_login_behind_a_killed_writer_lasts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
