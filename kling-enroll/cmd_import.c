/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"
#include "kling-enroll/deliver.h"
#include "kling-enroll/import.h"
#include "kling-enroll/issue.h"
#include "kling-enroll/text.h"
#include "lib/base/cleanup.h"
#include "lib/crypto/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What has been taken in this run: no secret twice, and --replace only for a user's first. */
struct taken {
	uint8_t secret[SHA256_BYTES];
	uid_t uid;
};

struct importing {
	struct tool *tool;
	const char *path;
	const char *only; /* the USER operand, or NULL */
	bool names_user;  /* the operand says whose it is; else it says whose lines to take */
	struct taken *taken;
	size_t count;
	enum exit_code failed; /* as the last failure ends, or EXIT_DONE */
};

#define AUTO_IMPORTING AT_SCOPE_END(importing_clear) struct importing

static void importing_clear(struct importing *importing)
{
	free(importing->taken);
}

static const char *name_of(const struct importing *importing)
{
	return strcmp(importing->path, "-") == 0 ? TEXT_STDIN : importing->path;
}

static void problem(void *context, const char *user, unsigned line, const char *text)
{
	struct importing *importing = context;

	if (user && importing->only && strcmp(user, importing->only) != 0)
		return;
	importing->failed = EXIT_NO;
	if (user)
		(void)fail_of(importing->tool, EXIT_NO, user, TEXT_IMPORT_AT, name_of(importing),
			      line, text);
	else
		(void)fail(importing->tool, EXIT_NO, TEXT_IMPORT_AT, name_of(importing), line,
			   text);
}

static void note(void *context, unsigned line, const char *text)
{
	const struct importing *importing = context;

	if (line)
		remark(TEXT_IMPORT_AT, name_of(importing), line, text);
	else
		remark("%s: %s", name_of(importing), text);
}

static void digest_secret(const struct token *token, uint8_t out[SHA256_BYTES])
{
	const struct span part = {token->secret, token->secret_length};

	digest_sha256(&part, 1, out);
}

/* Notes a secret and its user; false when the secret was there before. */
static bool take(struct importing *importing, const struct token *token, uid_t uid, bool *first)
{
	uint8_t digest[SHA256_BYTES];

	*first = true;
	digest_secret(token, digest);
	for (size_t i = 0; i < importing->count; i++) {
		if (memcmp(importing->taken[i].secret, digest, sizeof(digest)) == 0)
			return false;
		*first = *first && importing->taken[i].uid != uid;
	}
	struct taken *more =
	    reallocarray(importing->taken, importing->count + 1, sizeof(*importing->taken));
	if (!more)
		return false;
	importing->taken = more;
	memcpy(more[importing->count].secret, digest, sizeof(digest));
	more[importing->count++].uid = uid;
	return true;
}

static bool has_secret(const struct enrollment_record *record, const struct token *token)
{
	for (size_t i = 0; record && i < record->token_count; i++)
		if (record->tokens[i].secret_length == token->secret_length &&
		    bytes_equal(record->tokens[i].secret, token->secret, token->secret_length))
			return true;
	return false;
}

static struct issue_wish wish_of(const struct importing *importing, const struct found_token *found,
				 const struct who *who, bool first)
{
	const struct options *options = &importing->tool->request.options;
	const struct token *token = &found->otpauth.token;

	return (struct issue_wish){
	    .who = who,
	    .label = found->labelled ? token->label : options->label,
	    .label_stays = found->labelled,
	    .algorithm = token->algorithm,
	    .digits = token->digits,
	    .period = token->period,
	    .replace = options->replace && first,
	    .codes = first ? (uint32_t)options->count : 0,
	};
}

static void adopt(struct issue *issue, const struct found_token *found, bool with_codes)
{
	struct token *token = &issue->otpauth.token;

	memcpy(token->secret, found->otpauth.token.secret, sizeof(token->secret));
	token->secret_length = found->otpauth.token.secret_length;
	token->offset = found->otpauth.token.offset;
	issue->spent_step = found->last_step;
	issue->with_codes = with_codes;
	issue->imported = true;
}

static enum exit_code store(struct importing *importing, struct issue *issue)
{
	AUTO_DELIVERY delivery = DELIVERY_NONE;
	struct tool *tool = importing->tool;
	const struct options *options = &tool->request.options;

	delivery.json = options->json;
	delivery.paper = !options->json && options->count;
	delivery.display = display_of(STDOUT_FILENO);
	enum exit_code code = delivery_store(&delivery, tool, issue);
	if (code != EXIT_DONE)
		return code;
	issue_log(issue);
	return delivery_show(&delivery, tool, issue);
}

static enum exit_code import_token(struct importing *importing, const struct person *person,
				   const struct found_token *found)
{
	AUTO_ISSUE issue = {0};
	struct tool *tool = importing->tool;
	const struct who who = who_of(person);
	bool first;
	enum exit_code code = issue_check_person(tool, who.name, who.uid);

	if (code != EXIT_DONE)
		return code;
	if (!take(importing, &found->otpauth.token, who.uid, &first))
		return fail_of(tool, EXIT_NO, who.name, TEXT_IMPORT_TWICE);
	struct issue_wish wish = wish_of(importing, found, &who, first);
	code = issue_plan(tool, &wish, &issue);
	if (code != EXIT_DONE)
		return code;
	if (has_secret(issue.before.record, &found->otpauth.token) && !wish.replace)
		return fail_of(tool, EXIT_NO, who.name, TEXT_IMPORT_TWICE);
	adopt(&issue, found, wish.codes > 0);
	return store(importing, &issue);
}

/* The account of a URI may be alice or alice@host. */
static enum exit_code find_owner(struct importing *importing, struct found_token *found,
				 struct person *person)
{
	char *at = strrchr(found->user, '@');

	if (importing->names_user)
		return tool_find_person(importing->tool, importing->only, person);
	if (at && person_find(found->user, person) == ST_OK)
		return EXIT_DONE;
	if (at)
		*at = '\0';
	return tool_find_person(importing->tool, found->user, person);
}

static void token(void *context, struct found_token *found, unsigned line)
{
	struct importing *importing = context;
	AUTO_PERSON person = {0};

	(void)line;
	if (!importing->names_user && importing->only && strcmp(found->user, importing->only) != 0)
		return;
	enum exit_code code = find_owner(importing, found, &person);
	if (code == EXIT_DONE)
		code = import_token(importing, &person, found);
	if (code != EXIT_DONE)
		importing->failed = code;
}

typedef enum status reader(struct input *input, const struct finder *finder);

/* The reader of a format; *names_user: its files do not say whose they are, or USER overrules. */
static reader *reader_of(const char *format, bool *names_user)
{
	*names_user = strcmp(format, "users.oath") != 0;
	if (strcmp(format, "google-authenticator") == 0)
		return import_google;
	if (strcmp(format, "users.oath") == 0)
		return import_oath;
	return strcmp(format, "uri") == 0 ? import_uris : NULL;
}

static enum exit_code open_file(const struct importing *importing, int *fd)
{
	errno = 0;
	enum status s = input_open(importing->path, fd);

	if (s == ST_OK)
		return EXIT_DONE;
	return fail(importing->tool, EXIT_TROUBLE, TEXT_FILE, importing->path, file_problem(s));
}

static enum exit_code read_file(struct importing *importing, reader *read, int fd)
{
	const struct finder finder = {token, problem, note, importing};
	AUTO_INPUT input = INPUT_FROM(fd);

	errno = 0;
	enum status s = read(&input, &finder);
	if (s != ST_OK)
		return fail(importing->tool, EXIT_TROUBLE, TEXT_FILE, importing->path,
			    file_problem(s));
	if (importing->failed == EXIT_DONE && importing->count == 0)
		return fail(importing->tool, EXIT_NO, TEXT_IMPORT_NOTHING, name_of(importing));
	if (importing->failed == EXIT_DONE || importing->names_user)
		return importing->failed;
	return EXIT_NO;
}

enum exit_code cmd_import(struct tool *tool)
{
	const struct request *request = &tool->request;
	const struct options *options = &request->options;
	AUTO_IMPORTING importing = {.tool = tool, .path = request->operands[1]};
	reader *read = reader_of(request->operands[0], &importing.names_user);

	importing.only = request->operand_count > 2 ? request->operands[2] : NULL;
	if (!read)
		return fail(tool, EXIT_USAGE, TEXT_IMPORT_FORMAT, request->operands[0]);
	if (strncmp(importing.path, "otpauth:", 8) == 0)
		return fail(tool, EXIT_USAGE, TEXT_IMPORT_ARGV);
	if (read == import_google && !importing.only)
		return fail(tool, EXIT_USAGE, TEXT_IMPORT_WHOSE);
	importing.names_user = importing.names_user && importing.only;
	if (options->count && !options->json && !isatty(STDOUT_FILENO))
		return fail(tool, EXIT_USAGE, TEXT_IMPORT_PLACE);
	enum exit_code code = options->json ? tool_can_print(tool) : EXIT_DONE;
	AUTO_FD fd = -1;
	if (code == EXIT_DONE)
		code = open_file(&importing, &fd);
	if (code == EXIT_DONE)
		code = tool_open_or_init(tool);
	return code == EXIT_DONE ? read_file(&importing, read, fd) : code;
}
