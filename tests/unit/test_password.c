/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/password.h"

#include "tests/unit/locales.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(rule)     (UINT32_C(1) << PASSWORD_##rule)

enum {
	LONG = BIT(TOO_LONG),
	UTF8 = BIT(NOT_UTF8),
	CTRL = BIT(HAS_CONTROL),
	LEN = BIT(LENGTH),
	UP = BIT(UPPER),
	LOW = BIT(LOWER),
	DIG = BIT(DIGIT),
	SPEC = BIT(SPECIAL),
	SAME = BIT(SAME),
	CHG = BIT(CHANGED),
	REP = BIT(REPETITION),
	USER = BIT(HAS_USER),
	NAME = BIT(HAS_FULL_NAME),
	HOST = BIT(HAS_HOST),
	COM = BIT(LISTED),
};

static const struct password_rules classic = {12, 1, 0, 1, 1, 4, true};
static const struct password_rules nist = {15, 0, 0, 0, 0, 0, true};
static const struct password_rules none = {0, 0, 0, 0, 0, 0, false};

static struct password_bytes text(const char *text)
{
	return (struct password_bytes){(const uint8_t *)text, text ? strlen(text) : 0};
}

static struct password_report judge(const struct password_rules *rules, const char *candidate,
				    const struct password_facts *facts)
{
	struct password_report report = password_judge(rules, text(candidate), facts);

	assert_true(report.judged);
	assert_int_equal(password_is_accepted(&report), report.unmet == 0);
	return report;
}

static void expect(const struct password_rules *rules, const char *candidate,
		   const struct password_facts *facts, uint32_t unmet)
{
	struct password_report report = judge(rules, candidate, facts);

	if (report.unmet != unmet)
		fail_msg("\"%s\": unmet %x, not %x", candidate, report.unmet, unmet);
}

struct candidate {
	const char *text;
	uint32_t unmet;
};

static void expect_all(const struct password_rules *rules, const struct candidate *candidates,
		       size_t count, const struct password_facts *facts)
{
	for (size_t i = 0; i < count; i++)
		expect(rules, candidates[i].text, facts, candidates[i].unmet);
}

/* INP-14: length, upper, digit, special: each alone missing, and every combination of them. */
static void the_classic_rules(void **state)
{
	static const struct candidate candidates[] = {
	    {"Brisk-Otter7", 0},
	    {"brisk otteR7", 0},
	    {"Brisk otter7", 0},
	    {"7-RETTO-KSIR", 0},
	    {"xK9#mP2$vL5q", 0},
	    {"Tr0ub4dor&3xyz", 0},
	    {"correct Horse 7 battery", 0},
	    {" 7Brisk Otter ", 0},
	    {"BRISK-OTTER7", 0},
	    {"Brisk-Otter77", 0},
	    {"Brisk\\Otter7", 0},
	    {"Brisk\"Otter7", 0},
	    {"Brisk'Otter7", 0},
	    {"%s%n%x-Otter7X", 0},
	    {"$(reboot)Otter7", 0},
	    {"Brisk;Otter7#", 0},
	    {"Brisk-Otter", LEN | DIG},
	    {"Brisk-Otte7", LEN},
	    {"Brsk-Ott7", LEN},
	    {"brisk-otter7", UP},
	    {"brisk-otte7", LEN | UP},
	    {"Brisk-Otterx", DIG},
	    {"BriskzOtter7", SPEC},
	    {"BriskOtter7", LEN | SPEC},
	    {"briskzotter7", UP | SPEC},
	    {"briskotter7", LEN | UP | SPEC},
	    {"brisk-otterx", UP | DIG},
	    {"brisk-otter", LEN | UP | DIG},
	    {"BriskzOtterx", DIG | SPEC},
	    {"BriskOtterx", LEN | DIG | SPEC},
	    {"briskzotterx", UP | DIG | SPEC},
	    {"briskotterx", LEN | UP | DIG | SPEC},
	    {"", LEN | UP | DIG | SPEC},
	    {"a", LEN | UP | DIG | SPEC},
	    {"A", LEN | DIG | SPEC},
	    {"7", LEN | UP | SPEC},
	    {"#", LEN | UP | DIG},
	    {" ", LEN | UP | DIG},
	    {"A7", LEN | SPEC},
	    {"A#", LEN | DIG},
	    {"7#", LEN | UP},
	    {"A7#", LEN},
	    {"correct horse battery staple", UP | DIG},
	    {"correcthorsebatterystaple", UP | DIG | SPEC | COM},
	    {"Correct horse battery staple", DIG},
	    {"83170462951840", UP | SPEC},
	    {"8317-0462-9518", UP},
	    {"#$%@!-_=+/.,x", UP | DIG},
	    {"PASSWORD", LEN | DIG | SPEC | COM},
	    {"P@ssw0rd", LEN | COM},
	    {"P@ssw0rd2024", COM},
	    {"P@ssw0rd202", LEN},
	};

	(void)state;
	expect_all(&classic, candidates, LENGTH(candidates), &(struct password_facts){0});
}

/* INP-13 */
static void counts_code_points(void **state)
{
	static const struct candidate candidates[] = {
	    /* 12 code points in 24 bytes: Cyrillic, Greek */
	    {"\xd0\x96\xd1\x83\xd0\xba\xd0\xb8\xd0\xb9\xd0\xbb\xd0\xb5\xd1\x81\xd0\xbe\xd0\xbc\xd9"
	     "\xa7"
	     "\xc2\xa7",
	     0},
	    {"\xce\x9a\xce\xb1\xce\xbb\xce\xb7\xce\xbc\xce\xad\xcf\x81\xce\xb1\xd9\xa3\xc2\xa7\xcf"
	     "\x89\xcf"
	     "\x83",
	     0},
	    /* 11 code points in 33 bytes: no upper, digit or special among them */
	    {"\xe4\xb8\xad\xe6\x96\x87\xe5\xaf\x86\xe7\xa0\x81\xe5\xbe\x88\xe9\x95\xbf\xe5\x8f\xa3"
	     "\xe4\xbb"
	     "\xa4\xe5\xae\x89\xe5\x85\xa8\xe5\x90\x97",
	     LEN | UP | DIG | SPEC},
	    {"\xe4\xb8\xad\xe6\x96\x87\xe5\xaf\x86\xe7\xa0\x81\xe5\xbe\x88\xe9\x95\xbf\xe5\x8f\xa3"
	     "\xe4\xbb"
	     "\xa4\xe5\xae\x89\xe5\x85\xa8\xe5\x90\x97\xe5\xa5\xbd",
	     UP | DIG | SPEC},
	    /* an emoji is one character, and special */
	    {"BriskOtter7\xf0\x9f\xa6\xa6", 0},
	    {"BriskOtte7\xf0\x9f\xa6\xa6", LEN},
	    {"\xf0\x9f\xa6\xa6\xf0\x9f\x94\x91\xf0\x9f\x8d\x8b\xf0\x9f\x8e\xb2"
	     "Brisk7Otr",
	     0},
	    /* a combining mark is a character of its own; nothing is normalised */
	    {"Brisk-Otte7\xcc\x81", 0},
	    {"Brisk-Ott\xc3\xa9"
	     "7",
	     LEN},
	    {"Brisk-Otte\xcc\x81"
	     "7",
	     0},
	    /* upper case and digits beyond ASCII */
	    {"\xc3\x84rger-mit-7", LEN},
	    {"\xc3\x84rger-mit-7x", 0},
	    {"\xc3\xa4rger-mit-7x", UP},
	    {"\xc3\x9f\xc3\x9f-rger-mit7", UP},
	    {"\xd0\x96-brisk-otter7", 0},
	    {"\xd0\xb6-brisk-otter7", UP},
	    {"\xce\xa9-brisk-otter7", 0},
	    {"\xcf\x89-brisk-otter7", UP},
	    {"\xef\xbc\xa1-brisk-otter7", 0},
	    {"Brisk-Otter\xd9\xa3", 0},
	    {"Brisk-Otter\xe0\xa5\xa9", 0},
	    {"Brisk-Otter\xef\xbc\x97", 0},
	    {"Brisk-Otter\xc2\xb2", DIG},
	    {"Brisk-Otter\xc2\xbd", DIG},
	    {"Brisk-Otter\xe2\x85\xa6", DIG},
	    /* special beyond ASCII */
	    {"Brisk\xc2\xa0Otter7", 0},
	    {"Brisk\xe2\x82\xacOtter7", 0},
	    {"Brisk\xe2\x80\x93Otter7", 0},
	    {"Brisk\xc2\xa7Otter7", 0},
	    {"Brisk\xe3\x80\x82Otter7", 0},
	    /* letters without case and invisible characters are no class */
	    {"Brisk\xe4\xb8\xadOtter7", SPEC},
	    {"Brisk\xe2\x80\x8bOtter7", SPEC},
	    {"Brisk\xc2\xadOtter7", SPEC},
	    {"Brisk\xef\xbb\xbfOtter7", SPEC},
	    /* Turkish: the dotted capital I and the dotless i, whatever the locale */
	    {"\xc4\xb0stanbul-yolu7", 0},
	    {"Istanbul-yolu7", 0},
	    {"istanbul-yolu7", UP},
	    {"\xc4\xb1stanbul-yolu7", UP},
	};

	(void)state;
	expect_all(&classic, candidates, LENGTH(candidates), &(struct password_facts){0});
}

/* INP-13 */
static void refuses_what_is_no_text(void **state)
{
	static const struct candidate candidates[] = {
	    {"Brisk-Otter7\xff", UTF8},
	    {"\x80"
	     "Brisk-Otter7",
	     UTF8},
	    {"Brisk-\xc3(Otter7", UTF8},
	    {"Brisk-Otter7\xc3", UTF8},
	    {"Brisk-Otter7\xe2\x82", UTF8},
	    {"Brisk\xc0\xaeOtter7", UTF8},
	    {"Brisk\xed\xa0\x80Otter7", UTF8},
	    {"Brisk\xf4\x90\x80\x80Otter7", UTF8},
	    {"Br\xfcsk-Otter7x", UTF8},
	    {"\xff", UTF8},
	    {"Brisk-Otter7\n", CTRL},
	    {"Brisk\tOtter7", CTRL | SPEC},
	    {"Brisk-Otter7\r", CTRL},
	    {"Brisk-Otter7\x1b[A", CTRL},
	    {"Brisk-Otter7\x7f", CTRL},
	    {"Brisk-Otter7\xc2\x85", CTRL},
	    {"\b\n\r\x7f", CTRL | LEN | UP | DIG | SPEC},
	};

	(void)state;
	expect_all(&classic, candidates, LENGTH(candidates), &(struct password_facts){0});
}

static void a_nul_is_a_control_character(void **state)
{
	const struct password_bytes candidate = {(const uint8_t *)"Brisk-Otter\0007", 13};
	struct password_report report =
	    password_judge(&classic, candidate, &(struct password_facts){0});

	(void)state;
	assert_int_equal(report.unmet, CTRL);
	assert_int_equal(report.count[PASSWORD_LENGTH].have, 13);
}

static void takes_511_bytes(void **state)
{
	static const char pattern[] = "Brisk-Otter7, grey Heron 4; ";
	char candidate[PASSWORD_MAX_BYTES + 2];
	struct password_report report;

	(void)state;
	for (size_t i = 0; i < sizeof(candidate); i++)
		candidate[i] = (char)(pattern[i % (sizeof(pattern) - 1)] ^ (char)(i / 64 & 1));
	candidate[PASSWORD_MAX_BYTES] = '\0';
	expect(&classic, candidate, &(struct password_facts){0}, 0);
	candidate[PASSWORD_MAX_BYTES] = 'x';
	candidate[PASSWORD_MAX_BYTES + 1] = '\0';
	report = judge(&classic, candidate, &(struct password_facts){0});
	assert_int_equal(report.unmet, LONG);
	assert_int_equal(report.count[PASSWORD_TOO_LONG].have, PASSWORD_MAX_BYTES + 1);
	assert_int_equal(report.count[PASSWORD_TOO_LONG].need, PASSWORD_MAX_BYTES);
}

/* INP-14: all 95 printable ASCII characters in the place of the one special. */
static void every_printable_as_the_special(void **state)
{
	(void)state;
	for (int c = 0x20; c < 0x7F; c++) {
		char candidate[] = "Brisk?Otter7";
		bool alnum =
		    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		candidate[5] = (char)c;
		expect(&classic, candidate, &(struct password_facts){0}, alnum ? SPEC : 0);
	}
}

static void each_minimum_at_its_edge(void **state)
{
	static const struct {
		struct password_rules rules;
		const char *candidate;
		uint32_t unmet;
	} cases[] = {
	    {{13, 0, 0, 0, 0, 0, false}, "Brisk-Otter7", LEN},
	    {{12, 0, 0, 0, 0, 0, false}, "Brisk-Otter7", 0},
	    {{0, 3, 0, 0, 0, 0, false}, "Brisk-Otter7", UP},
	    {{0, 2, 0, 0, 0, 0, false}, "Brisk-Otter7", 0},
	    {{0, 0, 9, 0, 0, 0, false}, "Brisk-Otter7", LOW},
	    {{0, 0, 8, 0, 0, 0, false}, "Brisk-Otter7", 0},
	    {{0, 0, 1, 0, 0, 0, false}, "BRISK-OTTER7", LOW},
	    {{0, 0, 1, 0, 0, 0, false}, "BRISK-OTTER\xc3\xa4", 0},
	    {{0, 0, 0, 2, 0, 0, false}, "Brisk-Otter7", DIG},
	    {{0, 0, 0, 2, 0, 0, false}, "Brisk-Otter73", 0},
	    {{0, 0, 0, 0, 2, 0, false}, "Brisk-Otter7", SPEC},
	    {{0, 0, 0, 0, 2, 0, false}, "Brisk Otter-7", 0},
	    {{4, 0, 0, 0, 0, 0, false}, "k9#Z", 0},
	    {{0, 0, 0, 0, 0, 0, false}, "", 0},
	    {{20, 3, 9, 2, 2, 0, false}, "Brisk-Otter7", LEN | UP | LOW | DIG | SPEC},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		expect(&cases[i].rules, cases[i].candidate, &(struct password_facts){0},
		       cases[i].unmet);
}

static void says_how_many_there_are(void **state)
{
	const struct password_rules rules = {20, 3, 9, 2, 2, 7, false};
	const struct password_facts facts = {.old_password = text("brisk")};
	struct password_report report = judge(&rules, "Brisk-Otter7", &facts);
	static const struct {
		enum password_rule rule;
		uint32_t have;
		uint32_t need;
	} cases[] = {
	    {PASSWORD_LENGTH, 12, 20}, {PASSWORD_UPPER, 2, 3},   {PASSWORD_LOWER, 8, 9},
	    {PASSWORD_DIGIT, 1, 2},    {PASSWORD_SPECIAL, 1, 2}, {PASSWORD_CHANGED, 6, 7},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_true(password_is_unmet(&report, cases[i].rule));
		assert_int_equal(report.count[cases[i].rule].have, cases[i].have);
		assert_int_equal(report.count[cases[i].rule].need, cases[i].need);
	}
}

static void compares_with_the_old_one(void **state)
{
	static const struct {
		const char *old;
		const char *candidate;
		uint32_t unmet;
	} cases[] = {
	    {"Brisk-Otter7", "Brisk-Otter7", SAME | CHG},
	    {"Brisk-Otter7", "bRISK-oTTER7", SAME | CHG},
	    {"Brisk-Otter7", "7rettO-ksirB", SAME | CHG},
	    {"Brisk-Otter7", "7RETTo-KSIRb", SAME | CHG},
	    {"\xc3\x84rger-mit-7x", "\xc3\xa4RGER-MIT-7X", SAME | CHG},
	    {"Brisk-Otter7", "Brisk-Otter8", CHG},
	    {"Brisk-Otter7", "Brisk-Otter78", CHG},
	    {"Brisk-Otter7", "Otter7-Brisk", CHG},
	    {"Brisk-Otter7", "Brisk-Otter789!", CHG},
	    {"Brisk-Otter7", "Brisk-Otter789!=", 0},
	    {"Brisk-Otter7", "Brisk-Otter7====", 0},
	    {"Brisk-Otter7", "Quiet Heron 42", 0},
	    {"Brisk-Otter7", "Brisk+Mouse94", 0},
	    {"", "Brisk-Otter7", 0},
	    {"x", "Brisk-Otter7", 0},
	    {"Br\xfcsk-Otter7", "Brisk-Otter7", CHG},
	    {"\xff\xfe", "Brisk-Otter7", 0},
	    {"Brisk-Otter7", "Aa7-Brisk-Otter7", CHG},
	    {"Brisk-Otter7", "brisk", LEN | UP | DIG | SPEC | CHG},
	    {"Brisk-Otter7", "", LEN | UP | DIG | SPEC | CHG},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct password_facts facts = {.old_password = text(cases[i].old)};

		expect(&classic, cases[i].candidate, &facts, cases[i].unmet);
	}
	expect(&none, "Brisk-Otter7",
	       &(struct password_facts){.old_password = text("brisk-otter7")}, SAME);
	expect(&none, "Brisk-Otter8",
	       &(struct password_facts){.old_password = text("brisk-otter7")}, 0);
}

/* INP-14: user name inside */
static void refuses_names(void **state)
{
	static const struct candidate candidates[] = {
	    {"Brisk-Otter7", 0},
	    {"jdoe-Brisk-7", USER},
	    {"Brisk-jdoe-7", USER},
	    {"Brisk-7-JDOE", USER},
	    {"Brisk-7-eodj", USER},
	    {"Brisk-7-EODJ", USER},
	    {"Brisk-7-jd0e", USER},
	    {"Brisk-7-jdo3", USER},
	    {"Brisk-7-3odj", USER},
	    {"Brisk-7-jd03x", USER},
	    {"Brisk-7-j doe", 0},
	    {"Brisk-7-jdo-x", 0},
	    {"Brisk-7-Johanna", NAME},
	    {"Brisk-7-ANNAHOJ", NAME},
	    {"Brisk-7-j0h@nn4", NAME},
	    {"Brisk-7-M\xc3\x9cLLER", NAME},
	    {"Brisk-7-r\xc3\xa9ll\xc3\xbcm", 0},
	    {"Brisk-7-rell\xc3\xbcm", NAME},
	    {"Brisk-7-Muller", 0},
	    {"Lee-Brisk-Ott7", 0},
	    {"7-Room-Brisk-X", 0},
	    {"Zeus-Brisk-Ott7", HOST},
	    {"Brisk-7-5u3z", HOST},
	    {"Brisk-7-ZEU$", HOST},
	    {"Brisk-7-example", 0},
	    {"jdoe-Johanna-zeus-7", USER | NAME | HOST},
	    {"jdoe-johanna-zeus-7", USER | NAME | HOST | UP},
	    {"jdoe", USER | LEN | UP | DIG | SPEC},
	};
	const struct password_facts facts = {
	    .user = text("jdoe"),
	    .full_name = text("Johanna Lee M\xc3\xbcller,Room 7,,"),
	    .host = text("zeus.example.org"),
	};
	struct password_rules rules = classic;

	(void)state;
	expect_all(&rules, candidates, LENGTH(candidates), &facts);
	rules.reject_names = false;
	expect(&rules, "jdoe-Johanna-zeus-7", &facts, 0);
}

static void takes_names_apart(void **state)
{
	static const struct {
		const char *user;
		const char *full_name;
		const char *host;
		const char *candidate;
		uint32_t unmet;
	} cases[] = {
	    {"bob", NULL, NULL, "Brisk-7-Bob-x", USER},
	    {"bob", NULL, NULL, "Brisk-7-b0b-x", USER},
	    {"al", NULL, NULL, "Brisk-7-al-xx", 0},
	    {"", "", "", "Brisk-Otter7", 0},
	    {"john.smith", NULL, NULL, "x-John.Smith-7", USER},
	    {"john.smith", NULL, NULL, "x-JohnSmith-7", USER},
	    {"john.smith", NULL, NULL, "Brisk-7-Smith", USER},
	    {"john.smith", NULL, NULL, "Brisk-7-htims", USER},
	    {"pi@example.org", NULL, NULL, "Brisk-7-pi-xx", 0},
	    {"alice@example.org", NULL, NULL, "Brisk-7-4l1c3", USER},
	    {"user01", NULL, NULL, "Brisk-user01", USER},
	    {"user01", NULL, NULL, "Brisk-u53r01", USER},
	    {"user01", NULL, NULL, "Brisk-userol7", 0},
	    {"till", NULL, NULL, "Brisk-7-7i11", USER},
	    {NULL, "Ann Lee", NULL, "Brisk-7-AnnLee", NAME},
	    {NULL, "Ann Lee", NULL, "Brisk-7-eelnna", NAME},
	    {NULL, "Ann Lee", NULL, "Brisk-7-Ann-Le", 0},
	    {NULL, "Jo Bird", NULL, "Brisk-7-Bird-x", NAME},
	    {NULL, "Jean-Pierre O'Brien", NULL, "7-Otter-obrieN", NAME},
	    {NULL, "Jean-Pierre O'Brien", NULL, "7-Otter-Brien", NAME},
	    {NULL, "Jean-Pierre O'Brien", NULL, "7-Otter-Jean-x", NAME},
	    {NULL, "Jean-Pierre O'Brien", NULL, "7-Otter-pierrE", NAME},
	    {NULL, "J\xfcrgen Schmidt", NULL, "7-Otter-Schmidt", NAME},
	    {NULL, ",,,", NULL, "Brisk-Otter7", 0},
	    {NULL, "\xd0\x9e\xd0\xbb\xd1\x8c\xd0\xb3\xd0\xb0", NULL,
	     "Brisk-7-\xd0\x9e\xd0\x9b\xd0\xac\xd0\x93\xd0\x90", NAME},
	    {NULL, NULL, "web-server-01.example.org", "Brisk-7-web-server-01", HOST},
	    {NULL, NULL, "web-server-01.example.org", "x-Webserver01-q", HOST},
	    {NULL, NULL, "web-server-01.example.org", "x-10revresbew-Q", HOST},
	    {NULL, NULL, "web-server-01.example.org", "Brisk-7-server", 0},
	    {NULL, NULL, "db1.example.org", "Brisk-7-db1-x", 0},
	    {NULL, NULL, ".example.org", "Brisk-Otter7", 0},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct password_facts facts = {.user = text(cases[i].user),
						     .full_name = text(cases[i].full_name),
						     .host = text(cases[i].host)};

		expect(&classic, cases[i].candidate, &facts, cases[i].unmet);
	}
}

static void refuses_repetition(void **state)
{
	static const struct candidate candidates[] = {
	    {"Aaaaaaaaaaa1!", REP},
	    {"aaaaaaaaaaaaaaaa", UP | DIG | SPEC | REP},
	    {"Aa1!Aa1!Aa1!", REP},
	    {"Abcdefgh1234!", REP | COM},
	    {"Qwertyuiop1!", REP | COM},
	    {"1234567890Qw!", REP},
	    {"!@#$%^&*()A1", REP},
	    {"1qaz@WSX3edc$RFV", REP},
	    {"Qwertz12345!!!", REP | COM},
	    {"Azerty12345!!!", REP | COM},
	    {"Pass!1Pass!1Pass!1", REP},
	    {"Pass!1xPass!1xPass!1x", 0},
	    {"Pas!1Pas!1Pas!1", REP},
	    {"Zzzz1111!!!!", REP},
	    {"Abcdwxyz1234!!", REP},
	    {"Abcdwxyz1234!?#-", 0},
	    {"Brisk-Otter7", 0},
	    {"Brisk-1234-Qwerty", 0},
	    {"111111111111", UP | SPEC | REP},
	    {"qwertyuiop[]", UP | DIG | REP},
	    {"Aaaa", LEN | DIG | SPEC | REP},
	    {"\xd0\x99\xd1\x86\xd1\x83\xd0\xba\xd0\xb5\xd0\xbd\xd0\xb3\xd1\x88\xd1\x89\xd0\xb7-7",
	     REP},
	};

	(void)state;
	expect_all(&classic, candidates, LENGTH(candidates), &(struct password_facts){0});
}

static void the_nist_profile(void **state)
{
	static const struct candidate candidates[] = {
	    {"correct horse battery", 0},
	    {"sturdy gray heron", 0},
	    {"sturdy gray hero", 0},
	    {"sturdy gray her", 0},
	    {"sturdy gray he", LEN},
	    {"83170462951840276", 0},
	    {"aaaaaaaaaaaaaaaa", REP},
	    {"jdoejdoe heron 7", USER},
	    {"\xe4\xb8\xad\xe6\x96\x87\xe5\xaf\x86\xe7\xa0\x81\xe5\xbe\x88\xe9\x95\xbf\xe5\x8f\xa3"
	     "\xe4\xbb"
	     "\xa4\xe5\xae\x89\xe5\x85\xa8\xe5\x90\x97\xe5\xa5\xbd\xe7\x9a\x84\xe5\xa4\xa9\xe7\xa9"
	     "\xba",
	     0},
	};

	(void)state;
	expect_all(&nist, candidates, LENGTH(candidates),
		   &(struct password_facts){.user = text("jdoe")});
}

static void the_policy_names_the_rules(void **state)
{
	struct rules rules = {.password_policy = PASSWORD_POLICY_CLASSIC, .password = classic};
	struct password_rules in_force = password_rules_in_force(&rules);

	(void)state;
	assert_memory_equal(&in_force, &classic, sizeof(classic));
	rules.password_policy = PASSWORD_POLICY_NIST;
	in_force = password_rules_in_force(&rules);
	assert_int_equal(in_force.min_length, 15);
	assert_int_equal(in_force.min_upper + in_force.min_lower + in_force.min_digit +
			     in_force.min_special + in_force.min_changed,
			 0);
	assert_true(in_force.reject_names);
	rules.password.reject_names = false;
	rules.password.min_length = 20;
	in_force = password_rules_in_force(&rules);
	assert_int_equal(in_force.min_length, 20);
	assert_false(in_force.reject_names);
}

static void nothing_judged_is_refused(void **state)
{
	struct password_report report = {0};

	(void)state;
	assert_false(password_is_accepted(&report));
	report.judged = true;
	assert_true(password_is_accepted(&report));
	password_refuse(&report, PASSWORD_LISTED);
	assert_false(password_is_accepted(&report));
	assert_true(password_is_unmet(&report, PASSWORD_LISTED));
	assert_false(password_is_unmet(&report, PASSWORD_FORMER));
}

static int all(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_classic_rules),
	    cmocka_unit_test(counts_code_points),
	    cmocka_unit_test(refuses_what_is_no_text),
	    cmocka_unit_test(a_nul_is_a_control_character),
	    cmocka_unit_test(takes_511_bytes),
	    cmocka_unit_test(every_printable_as_the_special),
	    cmocka_unit_test(each_minimum_at_its_edge),
	    cmocka_unit_test(says_how_many_there_are),
	    cmocka_unit_test(compares_with_the_old_one),
	    cmocka_unit_test(refuses_names),
	    cmocka_unit_test(takes_names_apart),
	    cmocka_unit_test(refuses_repetition),
	    cmocka_unit_test(the_nist_profile),
	    cmocka_unit_test(the_policy_names_the_rules),
	    cmocka_unit_test(nothing_judged_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	return in_each_locale(all);
}
