/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory ends at each allocation in turn (the linker sends calloc here). */
#include "tests/unit/settings_place.h"

#include "lib/conf/arena.h"

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

/* How many more succeed; negative: all. */
static int left = -1;

void *__wrap_calloc(size_t count, size_t size)
{
	if (left == 0)
		return NULL;
	if (left > 0)
		left--;
	return __real_calloc(count, size);
}

static void each_allocation_of_a_load(void **state)
{
	static const char *const words[] = {"lockout_tries=3", NULL};
	const struct place *p = *state;
	enum { SIZE = 100000 };
	char *text = malloc(SIZE);
	size_t length = 0;
	int n = 0;

	assert_non_null(text);
	for (int i = 0; i < 500; i++)
		length +=
		    (size_t)snprintf(text + length, SIZE - length,
				     "[user u%d, from ::%x]\nallow_from = ::1 10.0.0.0/8\n", i, i);
	place_write_bytes(p, text, length);
	free(text);
	for (enum status s = ST_NOMEM; s != ST_OK; n++) {
		AUTO_SETTINGS settings = NULL;
		struct conf_error error;
		left = n;
		s = place_load_with(p, words, &settings, &error);
		left = -1;
		assert_true(s == ST_OK || s == ST_NOMEM);
		assert_int_equal(s == ST_OK, settings != NULL);
		assert_string_equal(error.problem, "");
	}
	assert_true(n > 10);
}

static void the_builtin_rules(void **state)
{
	(void)state;
	for (left = 0; left < 2;) {
		AUTO_SETTINGS settings = NULL;
		int n = left;
		enum status s = settings_builtin(&settings);
		assert_int_equal(s, ST_NOMEM);
		assert_null(settings);
		left = n + 1;
	}
	left = -1;
}

static void pieces_of_an_arena(void **state)
{
	AT_SCOPE_END(arena_clear) struct arena arena = {NULL};
	unsigned char *last = NULL;

	(void)state;
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *piece = arena_take(&arena, size);
		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(piece[i], 0);
		memset(piece, 0xff, size);
		assert_ptr_not_equal(piece, last);
		last = size ? piece : NULL;
	}
	unsigned char *large = arena_take(&arena, 1000000);
	assert_non_null(large);
	memset(large, 0xff, 1000000);
	char *copy = arena_text(&arena, "text");
	assert_string_equal(copy, "text");
	assert_null(arena_take(&arena, SIZE_MAX));
	assert_null(arena_take(&arena, SIZE_MAX - 15));
	assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
	assert_non_null(arena_array(&arena, 0, 3));
	arena_clear(&arena);
	assert_null(arena.block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(each_allocation_of_a_load),
	    cmocka_unit_test(the_builtin_rules),
	    cmocka_unit_test(pieces_of_an_arena),
	};

	return cmocka_run_group_tests_name("settings_memory", tests, NULL, NULL);
}
