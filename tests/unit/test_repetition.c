/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/repetition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void collapses(void **state)
{
	static const struct {
		const char *text;
		const char *left;
	} cases[] = {
	    {"", ""},
	    {"a", "a"},
	    {"aa", "a"},
	    {"aaaaaaaaaaaa", "a"},
	    {"AaAaAaAa", "a"},
	    {"abab", "ab"},
	    {"aabb", "ab"},
	    {"correct horse", "corect horse"},
	    {"Tr0ub4dor&3", "tr0ub4dor&3"},
	    /* neighbours: under four stay */
	    {"abc", "abc"},
	    {"abcd", "a"},
	    {"ABCD", "a"},
	    {"aBcDeFgH", "a"},
	    {"dcba", "d"},
	    {"zyxwvu", "z"},
	    {"123", "123"},
	    {"1234", "1"},
	    {"4321", "4"},
	    {"67890", "6"},
	    {"890123", "8"},
	    {"3210987", "3"},
	    {"xabcdx", "xax"},
	    {"acegik", "acegik"},
	    {"abcdefgh1234!", "a1!"},
	    {"abcdabcd", "a"},
	    {"abcdwxyz", "aw"},
	    {"12344321", "14"},
	    /* keyboards */
	    {"qwerty", "q"},
	    {"ytrewq", "y"},
	    {"qwe", "qwe"},
	    {"asdfghjkl", "a"},
	    {"zxcvbnm", "z"},
	    {"qwertz", "q"},
	    {"qwertzuiop", "q"},
	    {"yxcvbnm", "y"},
	    {"azerty", "a"},
	    {"qsdfgh", "q"},
	    {"wxcvbn", "w"},
	    {"1qaz2wsx3edc", "123"},
	    {"1qay2wsx", "12"},
	    {"!qaz@wsx", "!@"},
	    {"!@#$%^&*()", "!"},
	    {"!\"\xc2\xa7$%&/()", "!"},
	    {"qwertyuiop[]", "q"},
	    {"op[]\\", "o"},
	    {"0-=", "0-="},
	    {"90-=", "9"},
	    {"hjkl", "h"},
	    {"qwertyqwerty", "q"},
	    {"qwerty1234!A", "q1!a"},
	    {"\xd0\x99\xd0\xa6\xd0\xa3\xd0\x9a\xd0\x95\xd0\x9d", "\xd0\xb9"},
	    {"\xce\xb1\xce\xb2\xce\xb3\xce\xb4", "\xce\xb1"},
	    /* blocks */
	    {"xyzxyzxyz", "xyz"},
	    {"Pass!pass!pass!", "pas!"},
	    {"Aa1!Aa1!Aa1!", "a1!"},
	    {"K9#Kp2K9#Kp2", "k9#kp2"},
	    {"abxabxab", "abxab"},
	    {"abcbabcbab", "abcbab"},
	    {"mississippi", "misipi"},
	    {"\xc3\xa4\xc3\x84\xc3\xa4", "\xc3\xa4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct characters text;
		struct characters left;

		assert_true(characters_decode(&text, (const uint8_t *)cases[i].text,
					      strlen(cases[i].text)));
		assert_true(characters_decode(&left, (const uint8_t *)cases[i].left,
					      strlen(cases[i].left)));
		repetition_collapse(&text);
		if (!characters_equal(&text, &left))
			fail_msg("\"%s\" does not become \"%s\"", cases[i].text, cases[i].left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(collapses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
