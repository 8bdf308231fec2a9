/* SPDX-License-Identifier: BSD-3-Clause */
/* CFG-01 to CFG-06 and CFG-11: what loads, and where and why the rest does not. */
#include "tests/unit/settings_place.h"

#include <sys/resource.h>

static const struct subject anybody = {.user = "alice", .service = "sshd"};

static struct rules rules_of(const struct settings *settings)
{
	struct rules rules;
	const char *problem;

	assert_int_equal(settings_resolve(settings, &anybody, &rules, &problem), ST_OK);
	assert_null(problem);
	return rules;
}

/* CFG-01: the strict defaults. */
static void a_missing_file_means_the_defaults(void **state)
{
	const struct place *p = *state;
	AUTO_SETTINGS settings = NULL;
	AUTO_SETTINGS builtin = NULL;
	struct conf_error error;

	assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_OK);
	assert_int_equal(settings_builtin(&builtin), ST_OK);
	const struct settings *const both[] = {settings, builtin};
	for (size_t i = 0; i < LENGTH(both); i++) {
		struct rules rules = rules_of(both[i]);
		assert_int_equal(rules.second_factor, SECOND_FACTOR_REQUIRED);
		assert_int_equal(rules.lockout.tries, 5);
		assert_int_equal(rules.enroll.grace, 7 * 86400);
		assert_true(rules.allow_from.any);
		assert_string_equal(rules.prompt, "Verification code:");
		assert_string_equal(rules.key_dir, settings_key_dir(both[i]));
		assert_string_equal(rules.state_dir, settings_state_dir(both[i]));
		assert_string_equal(rules.state_dir, KLING_STATE_DIR);
		assert_false(settings_need_groups(both[i]));
	}
}

static void a_missing_file_that_was_asked_for(void **state)
{
	const struct place *p = *state;
	AUTO_SETTINGS settings = NULL;
	struct conf_error error;
	struct conf_source source = {.path = p->path, .must_exist = true, .owner = geteuid()};
	char conf[120];
	const char *const arguments[] = {conf, NULL};

	assert_int_equal(settings_load(&source, &settings, &error), ST_CONFIG);
	assert_string_equal(error.file, p->path);
	assert_string_equal(error.problem, "there is no such file");
	snprintf(conf, sizeof(conf), "conf=%s.other", p->path);
	assert_int_equal(place_load_with(p, arguments, &settings, &error), ST_CONFIG);
	assert_string_equal(error.file, conf + strlen("conf="));
	assert_int_equal(error.line, 0);
	assert_null(settings);
}

static void accepted_lines(void **state)
{
	AUTO_SETTINGS settings = place_settings(*state,
						"# a comment\n"
						"\n"
						" \t \n"
						"\t# another: \xc3\xa4\xff\n"
						"lockout_tries=3\n"
						"  lockout_cap \t=\t 7 \t# behind a blank\n"
						"prompt = a=b#1, c: # 2\n"
						"enroll_deadline =\n"
						"password_blocklist = # none\n"
						"console_services =\n"
						"allow_from =\n",
						NULL);
	struct rules rules = rules_of(settings);

	assert_int_equal(rules.lockout.tries, 3);
	assert_int_equal(rules.lockout.cap, 7);
	assert_string_equal(rules.prompt, "a=b#1, c:");
	assert_int_equal(rules.enroll.deadline, 0);
	assert_string_equal(rules.password_blocklist, "");
	assert_int_equal(rules.console_services.count, 0);
	assert_false(rules.allow_from.any); /* CFG-04: an empty list is nobody */
	assert_int_equal(rules.allow_from.count, 0);
}

struct refusal {
	const char *text;
	unsigned line;
	const char *word;
	const char *problem;
};

static void refused_texts(void **state)
{
	static const struct refusal table[] = {
	    /* CFG-03 */
	    {"second_facter = required\n", 1, "second_facter", "no such option"},
	    {"Second_factor = required\n", 1, "Second_factor", "no such option"},
	    {"\xef\xbb\xbfsecond_factor = required\n", 1, "\xef\xbb\xbfsecond_factor",
	     "no such option"},
	    {"= 5\n", 1, "", "no such option"},
	    {"\n\nlockout_tries 5\n", 3, "lockout_tries 5", "no \"=\""},
	    {"lockout_tries\n", 1, "lockout_tries", "no \"=\""},
	    {"lockout_tries = 5x\n", 1, "5x", "not a number"},
	    {"lockout_tries = -1\n", 1, "-1", "not a number"},
	    {"lockout_tries = 5 6\n", 1, "5 6", "not a number"},
	    {"lockout_tries == 5\n", 1, "= 5", "not a number"},
	    {"lockout_tries = 5#\n", 1, "5#", "not a number"},
	    {"lockout_tries = 4294967296\n", 1, "4294967296", "out of range"},
	    {"lockout_tries = 4294967301\n", 1, "4294967301", "out of range"},
	    {"lockout_tries = 99999999999999999999999\n", 1, "99999999999999999999999",
	     "out of range"},
	    {"lockout_tries =\n", 1, "lockout_tries", "not a number"},
	    {"lockout_tries =    \n", 1, "lockout_tries", "not a number"},
	    {"code_window = 3\n", 1, "3", "out of range"},
	    {"lockout_root = true\n", 1, "true", "neither yes nor no"},
	    {"lockout_root = YES\n", 1, "YES", "neither yes nor no"},
	    {"lockout_root =\n", 1, "lockout_root", "neither yes nor no"},
	    {"second_factor = maybe\n", 1, "maybe", "not one of the words this option knows"},
	    {"second_factor = off off\n", 1, "off off", "not one of the words this option knows"},
	    {"lockout_duration = 15\n", 1, "15", "not a time like 90s, 15m, 8h or 7d"},
	    {"lockout_duration = 15 m\n", 1, "15 m", "not a time like 90s, 15m, 8h or 7d"},
	    {"lockout_duration = 99999d\n", 1, "99999d", "out of range"},
	    {"enroll_deadline = tomorrow\n", 1, "tomorrow", "not a day like 2026-11-30"},
	    {"enroll_deadline = 2026-02-30\n", 1, "2026-02-30", "not a day like 2026-11-30"},
	    {"prompt =\n", 1, "prompt", "empty or too short"},
	    {"prompt = C\xc3\xb6"
	     "de:\n",
	     1,
	     "C\xc3\xb6"
	     "de:",
	     "not printable ASCII"},
	    {"prompt = a\tb\n", 1, "a\tb", "not printable ASCII"},
	    {"enroll_services = sshd, login\n", 1, "sshd,", "not the name of a service"},
	    {"enroll_services = \"sshd\"\n", 1, "\"sshd\"", "not the name of a service"},
	    {"enroll_services = ../sshd\n", 1, "../sshd", "not the name of a service"},
	    {"lockout_tries = 3\nlockout_tries = 3\n", 2, "lockout_tries", "stands twice"},
	    {"[user a]\nlockout_tries = 3\nlockout_tries = 4\n", 3, "lockout_tries",
	     "stands twice"},
	    /* CFG-04 */
	    {"allow_from = 10.0.0.0/8 example.org\n", 1, "example.org",
	     "not an address or a range of addresses"},
	    {"allow_from = 10.0.0.0/33\n", 1, "10.0.0.0/33",
	     "not an address or a range of addresses"},
	    {"allow_from = 10.0.0.0/8, ::1\n", 1, "10.0.0.0/8,",
	     "not an address or a range of addresses"},
	    {"allow_from = any ::1\n", 1, "any", "not an address or a range of addresses"},
	    {"allow_from = 10.0.0\n", 1, "10.0.0", "not an address or a range of addresses"},
	    /* CFG-06 */
	    {"state_dir = var/lib\n", 1, "var/lib",
	     "not an absolute path without . and .. and double slashes"},
	    {"state_dir = /var/lib/../x\n", 1, "/var/lib/../x",
	     "not an absolute path without . and .. and double slashes"},
	    {"state_dir = /var/lib/x/\n", 1, "/var/lib/x/",
	     "not an absolute path without . and .. and double slashes"},
	    {"key_dir =\n", 1, "key_dir",
	     "not an absolute path without . and .. and double slashes"},
	    {"password_blocklist = words\n", 1, "words",
	     "not an absolute path without . and .. and double slashes"},
	    {"[user a]\nstate_dir = /x\n", 2, "state_dir", "only in the file, above its sections"},
	    {"[user a]\nkey_dir = /x\n", 2, "key_dir", "only in the file, above its sections"},
	    /* CFG-11 */
	    {"include /etc/kling/more.conf\n", 1, "include /etc/kling/more.conf", "no \"=\""},
	    {"include = /etc/kling/kling.conf\n", 1, "include", "no such option"},
	    {"@include x = y\n", 1, "@include x", "no such option"},
	    {"lockout_tries = \\\n3\n", 1, "\\", "not a number"},
	    /* sections */
	    {"[]\n", 1, "", "a section without a condition"},
	    {"[ ]\n", 1, "", "a section without a condition"},
	    {"[\n", 1, "[", "a section without \"]\""},
	    {"[group wheel\n", 1, "[group wheel", "a section without \"]\""},
	    {"[group wheel] x = y\n", 1, "[group wheel] x = y", "a section without \"]\""},
	    {"[group]\n", 1, "group", "a condition without a name"},
	    {"[group wheel,]\n", 1, "", "a section without a condition"},
	    {"[,group wheel]\n", 1, "", "a section without a condition"},
	    {"[wheel]\n", 1, "wheel", "a section is for group, user, service or from"},
	    {"[Group wheel]\n", 1, "Group", "a section is for group, user, service or from"},
	    {"[group wheel, staff]\n", 1, "staff", "a section is for group, user, service or from"},
	    {"[group !wheel]\n", 1, "!wheel", "not a name"},
	    {"[user *]\n", 1, "*", "not a name"},
	    {"[user \"alice\"]\n", 1, "\"alice\"", "not a name"},
	    {"[group wheel]]\n", 1, "wheel]", "not a name"},
	    {"[service a/b]\n", 1, "a/b", "not a name"},
	    {"[from example.org]\n", 1, "example.org", "not an address or a range of addresses"},
	    {"[from any]\n", 1, "any", "not an address or a range of addresses"},
	    {"[from 10.0.0.0/33]\n", 1, "10.0.0.0/33", "not an address or a range of addresses"},
	    {"[user a, user b]\n", 1, "user", "stands twice"},
	    {"[service a, service b]\n", 1, "service", "stands twice"},
	    {"[from ::1, from ::2]\n", 1, "from", "stands twice"},
	    {"[group a,group b,group c,group d,group e,group f,group g,group h,group i]\n", 1,
	     "group", "too many conditions"},
	    {"[user a]\n\n[user b]\n[user a]\n", 4, "", "the same section stands twice"},
	    {"[user a, service s]\n[service s,user a]\n", 2, "", "the same section stands twice"},
	    {"[user a b]\n[user b  a]\n", 2, "", "the same section stands twice"},
	    /* contradictions */
	    {"lockout_duration = 2d\n", 1, "", "lockout_max_duration is below lockout_duration"},
	    {"lockout_duration = 2d\nlockout_tries = 4\nlockout_max_duration = 1d\n"
	     "code_window = 2\n",
	     1, "", "lockout_max_duration is below lockout_duration"},
	    {"lockout_duration = 1h\nlockout_max_duration = 1m\ncode_window = 2\n", 2, "",
	     "lockout_max_duration is below lockout_duration"},
	    {"\n[user a]\nlockout_duration = 2d\n", 2, "",
	     "lockout_max_duration is below lockout_duration"},
	    {"password_min_special = 12\n", 1, "",
	     "the password_min_ classes together exceed password_min_length"},
	    {"local_services = login\n", 1, "",
	     "a service stands in both console_services and local_services"},
	};
	const struct place *p = *state;

	for (size_t i = 0; i < LENGTH(table); i++) {
		struct settings *settings;
		struct conf_error error;
		enum status s = place_load(p, table[i].text, &settings, &error);
		if (s != ST_CONFIG || error.line != table[i].line ||
		    strcmp(error.word, table[i].word) != 0 ||
		    strcmp(error.problem, table[i].problem) != 0)
			fail_msg("%s gives %d, line %u, \"%s\", %s", table[i].text, s, error.line,
				 error.word, error.problem);
		assert_string_equal(error.file, p->path);
		assert_null(settings);
	}
}

struct bytes {
	const char *bytes;
	size_t length;
	unsigned line;
	const char *problem;
};

#define BYTES(text) text, sizeof(text) - 1

/* CFG-02 */
static void refused_bytes(void **state)
{
	static const struct bytes table[] = {
	    {BYTES("lockout_tries = 3\n\0\n"), 2, "a NUL byte"},
	    {BYTES("lockout_tries = 3\0x\n"), 1, "a NUL byte"},
	    {BYTES("\0"), 1, "a NUL byte"},
	    {BYTES("# comment\0\n"), 1, "a NUL byte"},
	    {BYTES("lockout_tries = 3\r\n"), 1, "a carriage return"},
	    {BYTES("\r\n"), 1, "a carriage return"},
	    {BYTES("\n# comment\r\n"), 2, "a carriage return"},
	    {BYTES("\n\nprompt = a\x1b[31mb\n"), 3, "a control character"},
	    {BYTES("prompt = a\x7f\n"), 1, "a control character"},
	    {BYTES("\f\n"), 1, "a control character"},
	    {BYTES("lockout_tries = 3"), 1, "no line feed at the end of the file"},
	    {BYTES("\n\n# comment"), 3, "no line feed at the end of the file"},
	    {BYTES(" "), 1, "no line feed at the end of the file"},
	};
	const struct place *p = *state;

	for (size_t i = 0; i < LENGTH(table); i++) {
		struct settings *settings;
		struct conf_error error;
		place_write_bytes(p, table[i].bytes, table[i].length);
		assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_CONFIG);
		assert_int_equal(error.line, table[i].line);
		assert_string_equal(error.word, "");
		assert_string_equal(error.problem, table[i].problem);
		assert_string_equal(error.file, p->path);
	}
}

static char *filled(size_t length)
{
	char *bytes = malloc(length + 1);

	assert_non_null(bytes);
	memset(bytes, '#', length);
	bytes[length - 1] = '\n';
	bytes[length] = '\0';
	return bytes;
}

/* CFG-02 */
static void sizes(void **state)
{
	const struct place *p = *state;
	struct settings *settings;
	struct conf_error error;
	char *bytes = filled(1000000);

	place_write_bytes(p, bytes, 1000000);
	assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_CONFIG);
	assert_int_equal(error.line, 1);
	assert_string_equal(error.problem, "a line that is too long");
	for (size_t i = 999; i < 1000000; i += 1000)
		bytes[i] = '\n';
	place_write_bytes(p, bytes, 1000000);
	assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_OK);
	settings_free(&settings);
	free(bytes);
	assert_int_equal(truncate(p->path, (1 << 20) + 1), 0);
	assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_CONFIG);
	assert_string_equal(error.problem, "larger than 1 MiB");
	assert_int_equal(truncate(p->path, (off_t)1 << 30), 0);
	assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_CONFIG);
	assert_string_equal(error.problem, "larger than 1 MiB");
	assert_int_equal(error.line, 0);
	assert_int_equal(truncate(p->path, 0), 0);
	assert_int_equal(place_load_with(p, NULL, &settings, &error), ST_OK);
	settings_free(&settings);
}

static enum status load_error(const struct place *p, struct conf_error *error)
{
	AUTO_SETTINGS settings = NULL;
	enum status s = place_load_with(p, NULL, &settings, error);

	assert_int_equal(s == ST_OK, settings != NULL);
	if (s != ST_OK)
		assert_string_equal(error->file, p->path);
	return s;
}

/* CFG-02 */
static void files_that_others_may_have_written(void **state)
{
	static const char wrong[] = "it or a directory above it has a wrong owner, mode or type";
	static const mode_t modes[] = {0664, 0646, 0666, 0662};
	const struct place *p = *state;
	struct conf_error error;
	char other[100];

	for (size_t i = 0; i < LENGTH(modes); i++) {
		place_write_bytes(p, "\n", 1);
		assert_int_equal(chmod(p->path, modes[i]), 0);
		assert_int_equal(load_error(p, &error), ST_CONFIG);
		assert_string_equal(error.problem, wrong);
	}
	assert_int_equal(chmod(p->path, 0400), 0);
	assert_int_equal(load_error(p, &error), ST_OK);
	if (geteuid() == 0) {
		assert_int_equal(chown(p->path, 12345, 0), 0);
		assert_int_equal(load_error(p, &error), ST_CONFIG);
		assert_string_equal(error.problem, wrong);
		assert_int_equal(chown(p->path, 0, 0), 0);
	}
	assert_int_equal(chmod(p->dir, 0777), 0);
	assert_int_equal(load_error(p, &error), ST_CONFIG);
	assert_int_equal(chmod(p->dir, 0700), 0);
	snprintf(other, sizeof(other), "%s/other", p->dir);
	assert_int_equal(rename(p->path, other), 0);
	assert_int_equal(symlink(other, p->path), 0);
	assert_int_equal(load_error(p, &error), ST_CONFIG);
	assert_int_equal(unlink(p->path) | unlink(other), 0);
	assert_int_equal(mkfifo(p->path, 0644), 0);
	assert_int_equal(load_error(p, &error), ST_CONFIG);
	assert_string_equal(error.problem, wrong);
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkdir(p->path, 0755), 0);
	assert_int_equal(load_error(p, &error), ST_CONFIG);
	assert_string_equal(error.problem, wrong);
}

static void a_file_that_cannot_be_read(void **state)
{
	const struct place *p = *state;
	struct conf_error error;
	struct rlimit before;

	place_write_bytes(p, "\n", 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	struct rlimit none = {0, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	enum status s = load_error(p, &error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(s, ST_LIMIT);
	assert_string_equal(error.problem, "cannot be read");
}

/* CFG-05: the argument wins. */
static void arguments(void **state)
{
	static const char *const words[] = {
	    "preauth",     "lockout_tries=3",        "prompt=Code #2: x",
	    "use_authtok", "local_services=sudo su", NULL};
	AUTO_SETTINGS settings = place_settings(
	    *state, "lockout_tries = 7\nlockout_cap = 8\n[user alice]\nlockout_tries = 9\n", words);
	struct rules rules = rules_of(settings);

	assert_int_equal(rules.lockout.tries, 3);
	assert_int_equal(rules.lockout.cap, 8);
	assert_string_equal(rules.prompt, "Code #2: x");
	assert_int_equal(rules.local_services.count, 2);
}

static void refused_arguments(void **state)
{
	static const struct {
		const char *words[4];
		const char *word;
		const char *problem;
	} table[] = {
	    {{"debug"}, "debug", "no such word"},
	    {{"nullok"}, "nullok", "no such word"},
	    {{"pre"}, "pre", "no such word"},
	    {{"preauth=yes"}, "preauth=yes", "no such option"},
	    {{""}, "", "no such word"},
	    {{"="}, "=", "no such option"},
	    {{"lockout_tries"}, "lockout_tries", "no such word"},
	    {{"lockout_tries="}, "lockout_tries=", "not a number"},
	    {{"lockout_tries=5x"}, "lockout_tries=5x", "not a number"},
	    {{"lockout_tries=5 # x"}, "lockout_tries=5 # x", "not a number"},
	    {{"preauth", "lockout_tries=99"}, "lockout_tries=99", "out of range"},
	    {{"lockout_tries=3", "lockout_tries=3"}, "lockout_tries=3", "stands twice"},
	    {{"state_dir=/x"}, "state_dir=/x", "only in the file, above its sections"},
	    {{"key_dir=/x"}, "key_dir=/x", "only in the file, above its sections"},
	    {{"conf=/a", "conf=/b"}, "conf=/b", "stands twice"},
	    {{"[user alice]"}, "[user alice]", "no such word"},
	    {{"prompt=a\nb"}, "prompt=a\nb", "not printable ASCII"},
	    {{"local_services=a\x01"
	      "b"},
	     "local_services=a\x01"
	     "b",
	     "not the name of a service"},
	    {{"password_blocklist=words"},
	     "password_blocklist=words",
	     "not an absolute path without . and .. and double slashes"},
	};
	const struct place *p = *state;

	place_write_bytes(p, "\n", 1);
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct settings *settings;
		struct conf_error error;
		assert_int_equal(place_load_with(p, table[i].words, &settings, &error), ST_CONFIG);
		assert_string_equal(error.file, "argument");
		assert_int_equal(error.line, 0);
		assert_string_equal(error.word, table[i].word);
		assert_string_equal(error.problem, table[i].problem);
		assert_null(settings);
	}
}

static void an_argument_that_contradicts(void **state)
{
	static const char *const words[] = {"lockout_duration=2d", NULL};
	static const char *const cured[] = {"lockout_duration=2d", "lockout_max_duration=2d", NULL};
	const struct place *p = *state;
	struct settings *settings;
	struct conf_error error;

	place_write_bytes(p, "\n", 1);
	assert_int_equal(place_load_with(p, words, &settings, &error), ST_CONFIG);
	assert_string_equal(error.problem, "lockout_max_duration is below lockout_duration");
	assert_string_equal(error.file, "argument");
	assert_int_equal(error.line, 0);
	assert_int_equal(place_load_with(p, cured, &settings, &error), ST_OK);
	settings_free(&settings);
}

static void another_file(void **state)
{
	const struct place *p = *state;
	AUTO_SETTINGS settings = NULL;
	struct conf_error error;
	char conf[120];
	const char *const words[] = {conf};
	struct conf_source source = {
	    .path = "/nowhere/kling.conf", .owner = geteuid(), .argc = 1, .argv = words};

	snprintf(conf, sizeof(conf), "conf=%s", p->path);
	place_write_bytes(p, "lockout_tries = 4\n", 18);
	assert_int_equal(settings_load(&source, &settings, &error), ST_OK);
	assert_int_equal(rules_of(settings).lockout.tries, 4);
	static const char *const bad[] = {"conf=", "conf=relative", "conf=/a/../b", "conf=/tmp/"};
	for (size_t i = 0; i < LENGTH(bad); i++) {
		AUTO_SETTINGS none = NULL;
		const char *const word[] = {bad[i]};
		source.argv = word;
		assert_int_equal(settings_load(&source, &none, &error), ST_CONFIG);
		assert_string_equal(error.file, bad[i] + strlen("conf="));
	}
}

/* A word that is cut, and a path that is. */
static void long_words(void **state)
{
	const struct place *p = *state;
	char name[300];
	char line[320];
	struct settings *settings;
	struct conf_error error;
	char conf[400];
	const char *const words[] = {conf, NULL};

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(line, sizeof(line), "%s = 1\n", name);
	assert_int_equal(place_load(p, line, &settings, &error), ST_CONFIG);
	assert_int_equal(strlen(error.word), sizeof(error.word) - 1);
	assert_memory_equal(error.word, name, sizeof(error.word) - 1);
	snprintf(conf, sizeof(conf), "conf=/%s", name);
	assert_int_equal(place_load_with(p, words, &settings, &error), ST_IO);
	assert_int_equal(strlen(error.file), sizeof(error.file) - 1);
}

static void nothing_to_free(void **state)
{
	struct settings *settings = NULL;

	(void)state;
	settings_free(&settings);
	assert_null(settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(a_missing_file_that_was_asked_for),
	    PLACE_TEST(accepted_lines),
	    PLACE_TEST(refused_texts),
	    PLACE_TEST(refused_bytes),
	    PLACE_TEST(sizes),
	    PLACE_TEST(files_that_others_may_have_written),
	    PLACE_TEST(a_file_that_cannot_be_read),
	    PLACE_TEST(arguments),
	    PLACE_TEST(refused_arguments),
	    PLACE_TEST(an_argument_that_contradicts),
	    PLACE_TEST(another_file),
	    PLACE_TEST(long_words),
	    PLACE_TEST(a_missing_file_means_the_defaults),
	    cmocka_unit_test(nothing_to_free),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
