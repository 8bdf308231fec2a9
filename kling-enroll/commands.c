/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/commands.h"

#include "kling-enroll/sheet.h"
#include "kling-enroll/text.h"
#include "lib/factor/backup.h"
#include "lib/factor/token.h"
#include "lib/show/qr_text.h"

enum { EXTEND_MAX = 366 * 86400 };

#define FLAG(name, field, help)                                                                    \
	{                                                                                          \
		name, NULL, help, OPTION_FLAG, offsetof(struct options, field), 0, 0, NULL         \
	}
#define WORD(name, argument, field, help)                                                          \
	{                                                                                          \
		name, argument, help, OPTION_TEXT, offsetof(struct options, field), 0, 0, NULL     \
	}
#define NUMBER(name, argument, field, low, high, help)                                             \
	{                                                                                          \
		name, argument, help, OPTION_NUMBER, offsetof(struct options, field), low, high,   \
		    NULL                                                                           \
	}
#define SECONDS(name, argument, field, low, high, help)                                            \
	{                                                                                          \
		name, argument, help, OPTION_SECONDS, offsetof(struct options, field), low, high,  \
		    NULL                                                                           \
	}
#define CHOICE(name, argument, field, choices, help)                                               \
	{                                                                                          \
		name, argument, help, OPTION_CHOICE, offsetof(struct options, field), 0, 0,        \
		    choices                                                                        \
	}

static const struct option_choice algorithms[] = {
    {"sha1", TOKEN_SHA1}, {"sha256", TOKEN_SHA256}, {"sha512", TOKEN_SHA512}, {NULL, 0}};
static const struct option_choice styles[] = {{"auto", QR_AUTO}, {"utf8", QR_UTF8},
					      {"ansi", QR_ANSI}, {"ascii", QR_ASCII},
					      {"none", QR_OFF},  {NULL, 0}};
static const struct option_choice papers[] = {
    {"a4", 1 + PAPER_A4}, {"letter", 1 + PAPER_LETTER}, {NULL, 0}};

static const struct option config = WORD("config", "FILE", config, TEXT_OPTION_CONFIG);
static const struct option help = FLAG("help", help, TEXT_OPTION_HELP);
static const struct option version = FLAG("version", version, TEXT_OPTION_VERSION);
static const struct option json = FLAG("json", json, TEXT_OPTION_JSON);
static const struct option force = FLAG("force", force, TEXT_OPTION_FORCE);
static const struct option again = FLAG("force", force, TEXT_OPTION_INIT_FORCE);
static const struct option replace = FLAG("replace", replace, TEXT_OPTION_REPLACE);
static const struct option no_confirm = FLAG("no-confirm", no_confirm, TEXT_OPTION_NO_CONFIRM);
static const struct option plain = FLAG("plain", plain, TEXT_OPTION_PLAIN);
static const struct option label = WORD("label", "TEXT", label, TEXT_OPTION_LABEL);
static const struct option issuer = WORD("issuer", "TEXT", issuer, TEXT_OPTION_ISSUER);
static const struct option count =
    NUMBER("count", "1..20", count, 1, BACKUP_CODES_MAX, TEXT_OPTION_COUNT);
static const struct option algorithm =
    CHOICE("algorithm", "sha1|sha256|sha512", algorithm, algorithms, TEXT_OPTION_ALGORITHM);
static const struct option digits = NUMBER("digits", "6|7|8", digits, 6, 8, TEXT_OPTION_DIGITS);
static const struct option period =
    SECONDS("period", "15..300", period, TOKEN_PERIOD_MIN, TOKEN_PERIOD_MAX, TEXT_OPTION_PERIOD);
static const struct option qr =
    CHOICE("qr", "auto|utf8|ansi|ascii|none", qr, styles, TEXT_OPTION_QR);
static const struct option qr_file = WORD("qr-file", "F.png|F.svg", qr_file, TEXT_OPTION_QR_FILE);
static const struct option sheet = WORD("sheet", "F.pdf|F.txt", sheet, TEXT_OPTION_SHEET);
static const struct option paper = CHOICE("paper", "a4|letter", paper, papers, TEXT_OPTION_PAPER);

static const struct option password_user = WORD("user", "USER", user, TEXT_OPTION_PASSWORD_USER);
static const struct option sheet_of_codes =
    WORD("sheet", "F.pdf|F.txt", sheet, TEXT_OPTION_SHEET_CODES);
static const struct option force_files = FLAG("force", force, TEXT_OPTION_FORCE_FILES);
static const struct option one_label = WORD("label", "TEXT", label, TEXT_OPTION_LABEL_ONE);
static const struct option force_remove = FLAG("force", force, TEXT_OPTION_FORCE_REMOVE);
static const struct option force_prune = FLAG("force", force, TEXT_OPTION_FORCE_PRUNE);
static const struct option enrolled = FLAG("enrolled", enrolled, TEXT_OPTION_ENROLLED);
static const struct option missing = FLAG("missing", missing, TEXT_OPTION_MISSING);
static const struct option locked = FLAG("locked", locked, TEXT_OPTION_LOCKED);
static const struct option group = WORD("group", "NAME", group, TEXT_OPTION_GROUP);
static const struct option users = WORD("users", "FILE|-", users, TEXT_OPTION_USERS);
static const struct option members = WORD("group", "NAME", group, TEXT_OPTION_MEMBERS);
static const struct option sheet_dir = WORD("sheet-dir", "DIR", sheet_dir, TEXT_OPTION_SHEET_DIR);
static const struct option import_label = WORD("label", "TEXT", label, TEXT_OPTION_LABEL_IMPORT);
static const struct option import_count =
    NUMBER("count", "1..20", count, 1, BACKUP_CODES_MAX, TEXT_OPTION_COUNT_IMPORT);
static const struct option force_account = FLAG("force", force, TEXT_OPTION_FORCE_ACCOUNT);
static const struct option check_user = WORD("user", "USER", user, TEXT_OPTION_CHECK_USER);
static const struct option check_service =
    WORD("service", "SERVICE", service, TEXT_OPTION_CHECK_SERVICE);
static const struct option check_from = WORD("from", "ADDRESS", from, TEXT_OPTION_CHECK_FROM);
static const struct option end = FLAG("end", end, TEXT_OPTION_END);
static const struct option yes = FLAG("yes", yes, TEXT_OPTION_YES);
static const struct option extend = {
    "extend",   "3d", TEXT_OPTION_EXTEND, OPTION_DURATION, offsetof(struct options, extend), 1,
    EXTEND_MAX, NULL};

const struct option *const common_options[] = {&config, &help, &version, NULL};

static const struct option *const init_options[] = {&again, NULL};
static const struct option *const add_options[] = {
    &label, &issuer, &count, &algorithm, &digits,    &period, &replace, &no_confirm, &qr, &qr_file,
    &sheet, &paper,  &users, &members,   &sheet_dir, &json,   &plain,   &force,      NULL};
static const struct option *const json_options[] = {&json, NULL};
static const struct option *const password_options[] = {&password_user, &json, NULL};
static const struct option *const codes_options[] = {&count, &sheet_of_codes, &paper, &json,
						     &plain, &force_files,    NULL};
static const struct option *const remove_options[] = {&one_label, &force_remove, NULL};
static const struct option *const grace_options[] = {&extend, &end, NULL};
static const struct option *const prune_options[] = {&yes, &force_prune, NULL};
static const struct option *const list_options[] = {&enrolled, &missing, &locked,
						    &group,    &json,    NULL};
static const struct option *const import_options[] = {&import_label, &replace,       &import_count,
						      &json,         &force_account, NULL};
static const struct option *const check_options[] = {&check_user, &check_service, &check_from,
						     &json, NULL};
static const struct option *const no_options[] = {NULL};

const struct command commands[] = {
    {"init", "", TEXT_SUMMARY_INIT, TEXT_HELP_INIT, NULL, 0, 0, true, cmd_init, init_options},
    {"add", "USER", TEXT_SUMMARY_ADD, TEXT_HELP_ADD, TEXT_MORE_ADD, 0, 1, true, cmd_add,
     add_options},
    {"codes", "USER", TEXT_SUMMARY_CODES, NULL, TEXT_MORE_USERS, 1, 1, true, cmd_codes,
     codes_options},
    {"verify", "USER", TEXT_SUMMARY_VERIFY, TEXT_HELP_VERIFY, NULL, 1, 1, false, cmd_verify,
     no_options},
    {"status", "[USER...]", TEXT_SUMMARY_STATUS, TEXT_HELP_STATUS, NULL, 0, 64, false, cmd_status,
     json_options},
    {"list", "", TEXT_SUMMARY_LIST, TEXT_HELP_LIST, NULL, 0, 0, false, cmd_list, list_options},
    {"unlock", "USER", TEXT_SUMMARY_UNLOCK, TEXT_HELP_UNLOCK, TEXT_MORE_USERS, 1, 1, true,
     cmd_unlock, no_options},
    {"remove", "USER", TEXT_SUMMARY_REMOVE, NULL, TEXT_MORE_USERS, 1, 1, true, cmd_remove,
     remove_options},
    {"grace", "USER", TEXT_SUMMARY_GRACE, NULL, TEXT_MORE_USERS, 1, 1, true, cmd_grace,
     grace_options},
    {"resync", "USER", TEXT_SUMMARY_RESYNC, TEXT_HELP_RESYNC, NULL, 1, 1, true, cmd_resync,
     no_options},
    {"import", "FORMAT FILE|- [USER]", TEXT_SUMMARY_IMPORT, TEXT_HELP_IMPORT, TEXT_MORE_IMPORT, 2,
     3, true, cmd_import, import_options},
    {"rekey", "", TEXT_SUMMARY_REKEY, TEXT_HELP_REKEY, NULL, 0, 0, true, cmd_rekey, no_options},
    {"prune", "", TEXT_SUMMARY_PRUNE, TEXT_HELP_PRUNE, TEXT_MORE_PRUNE, 0, 0, true, cmd_prune,
     prune_options},
    {"password", "", TEXT_SUMMARY_PASSWORD, TEXT_HELP_PASSWORD, TEXT_MORE_PASSWORD, 0, 0, false,
     cmd_password, password_options},
    {"check", "", TEXT_SUMMARY_CHECK, TEXT_HELP_CHECK, TEXT_MORE_CHECK, 0, 0, false, cmd_check,
     check_options},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, false, NULL, NULL},
};
