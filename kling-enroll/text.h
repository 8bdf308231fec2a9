/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_TEXT_H
#define KLING_ENROLL_TEXT_H

#include "kling-enroll/language.h"

#define SSHD_CONFIG_DIR "/etc/ssh/sshd_config.d"

/*
 * Everything the tool says, so that it can be read, corrected and translated in one place (see
 * CONTRIBUTING.md). What reads `%s` or `%u` is a format; the rest is never used as one. _() is a
 * text in the reader's language, N_() one for a table, which is translated where it is shown, and
 * a text with a number of things is TEXT_X(number).
 */

/* uri.c */
#define TEXT_TOKEN_KIND _("%s, %u digits, a new code every %u seconds")
#define TEXT_HOTP       _("HOTP (counter-based) tokens are not supported, only TOTP")
#define TEXT_URI_SCHEME _("not an otpauth://totp/ URI")
#define TEXT_URI_LABEL                                                                             \
	_("the label or issuer is empty, too long, or not UTF-8 without control characters")
#define TEXT_URI_NO_SECRET  _("the URI has no secret")
#define TEXT_URI_SECRET_BAD _("the secret is not base32")
#define TEXT_URI_SECRET_SHORT                                                                      \
	_("the secret has fewer than 128 bits, too few to take over: `kling-enroll add` makes a "  \
	  "new one")
#define TEXT_URI_SECRET_LONG _("the secret has more than 512 bits")
#define TEXT_URI_TWICE       _("a parameter stands in the URI twice")
#define TEXT_URI_DIGITS      _("digits must be 6, 7 or 8")
#define TEXT_URI_PERIOD      _("period must be 15 to 300 seconds")
#define TEXT_URI_ALGORITHM   _("algorithm must be SHA1, SHA256 or SHA512")

/* sheet.c, sheet_pdf.c */
#define TEXT_SHEET_TITLE       _("Backup codes")
#define TEXT_SHEET_TITLE_TOKEN _("Verification codes")
#define TEXT_SHEET_USER        _("User")
#define TEXT_SHEET_HOST        _("Computer")
#define TEXT_SHEET_MADE        _("Made on")
#define TEXT_SHEET_SET         _("Set")
#define TEXT_SHEET_USE         _("How to use a code")
#define TEXT_SHEET_USE_1                                                                           \
	_("When you are asked for a verification code and your phone is not at hand, type one of " \
	  "these codes instead.")
#define TEXT_SHEET_USE_2                                                                           \
	_("Each code works once. Tick its box when it is used. Any order will do; capital "        \
	  "letters "                                                                               \
	  "and hyphens do not matter.")
#define TEXT_SHEET_USE_3                                                                           \
	_("There is no O, I, L or U in a code: what looks like one is a zero or a one.")
#define TEXT_SHEET_KEEP _("How to keep this sheet")
#define TEXT_SHEET_KEEP_1                                                                          \
	_("Keep it apart from your phone and your password, as you would keep a spare key. A new " \
	  "sheet makes this one void.")
#define TEXT_SHEET_KEEP_2                                                                          \
	_("If it is lost, or somebody may have seen it, tell your administrator at once.")
#define TEXT_SHEET_BURN                                                                            \
	_("Whoever has this picture has your second factor: destroy the sheet when the phone is "  \
	  "set up.")
#define TEXT_SHEET_SCAN_TITLE _("Set up your phone")
#define TEXT_SHEET_SCAN                                                                            \
	_("Scan the picture with an authenticator app, or type this secret into it. Then cut "     \
	  "this "                                                                                  \
	  "strip off and destroy it: whoever has it has your second factor.")
#define TEXT_SHEET_CONTACT _("Ask for help:")
#define TEXT_SHEET_FOOT    _("Made by kling-enroll. Nobody will ever ask you to read out a code.")

/* options.c, help.c */
#define TEXT_PREFIX          "kling-enroll: "
#define TEXT_UNKNOWN_COMMAND _("no such command")
#define TEXT_UNKNOWN_OPTION  _("no such option")
#define TEXT_NO_COMMAND      _("a command is missing")
#define TEXT_NO_ARGUMENT     _("this option takes no argument")
#define TEXT_OPTION_NAME     "--%s "
#define TEXT_VALUE_MISSING   _("--%s needs a value: %s")
#define TEXT_VALUE_EMPTY     _("must not be empty")
#define TEXT_VALUE_NUMBER    _("must be a number from %llu to %llu")
#define TEXT_VALUE_SECONDS   _("must be %llu to %llu seconds")
#define TEXT_VALUE_DURATION  _("must be a time such as 90m, 12h or 3d, at most %llud")
#define TEXT_VALUE_CHOICE    _("must be ")
#define TEXT_VALUE_OR        _(" or ")
#define TEXT_CONFIG_TO       _(" to ")
#define TEXT_EMPTY_ARGUMENT  _("an argument is empty")
#define TEXT_TOO_MANY                                                                              \
	_("too many arguments (a code or a secret is never taken from the command line)")
#define TEXT_TOO_FEW _("arguments are missing")
#define TEXT_MORE_ADD                                                                              \
	N_("one USER at a time (a secret is never taken from the command line); several at once: " \
	   "--users FILE, --users - for standard input, or --group NAME")
#define TEXT_MORE_USERS                                                                            \
	N_("one USER at a time; for several call it in a loop of the shell: `for u in USER...; "   \
	   "do "                                                                                   \
	   "kling-enroll COMMAND \"$u\"; done`")
#define TEXT_MORE_IMPORT                                                                           \
	N_("one FILE at a time, and one USER at most (a secret is never taken from the command "   \
	   "line)")
#define TEXT_MORE_PRUNE N_("prune looks at everybody and takes no USER; for one: `remove USER`")
#define TEXT_MORE_PASSWORD                                                                         \
	N_("a password is read from standard input, never from the command line; whose: --user "   \
	   "USER")
#define TEXT_MORE_CHECK                                                                            \
	N_("check looks at the whole machine; what one login would meet: --user USER")
#define TEXT_SUGGESTION _(" (did you mean %s%s?)")
#define TEXT_SEE_HELP   _("See: kling-enroll%s%s --help\n")

#define TEXT_HELP_USAGE                                                                            \
	_("Usage: kling-enroll [--config FILE] COMMAND [OPTIONS] [USER...]\n"                      \
	  "\n"                                                                                     \
	  "Gives users a second factor for pam_kling(8), and sees to what they have.\n"            \
	  "\n"                                                                                     \
	  "Commands:\n")
#define TEXT_HELP_COMMAND _("Usage: kling-enroll %s [OPTIONS]%s%s\n\n")
#define TEXT_HELP_OPTIONS _("Options:")
#define TEXT_HELP_DEFAULT _(" (default: %s)")
#define TEXT_HELP_COMMON  _("For every command:")
#define TEXT_HELP_END                                                                              \
	_("\nExit: 0 yes or done, 1 no, 2 wrong use, 3 not root, 4 no such user or not\n"          \
	  "enrolled, 5 trouble with store, key or configuration.\n"                                \
	  "kling-enroll COMMAND --help says more; so does kling-enroll(8).\n")

/* commands.c: options */
#define TEXT_OPTION_CONFIG  N_("the configuration")
#define TEXT_OPTION_HELP    N_("this help")
#define TEXT_OPTION_VERSION N_("the version")
#define TEXT_OPTION_JSON    N_("one JSON object a line on standard output")
#define TEXT_OPTION_FORCE   N_("root and system accounts too; replace existing output files")
#define TEXT_OPTION_INIT_FORCE                                                                     \
	N_("make the store anew beside a key that is there: nobody is enrolled then")
#define TEXT_OPTION_REPLACE                                                                        \
	N_("in place of what the user has, which stays valid until the new one is confirmed; "     \
	   "with "                                                                                 \
	   "--label in place of that token")
#define TEXT_OPTION_NO_CONFIRM N_("ask for no code from the phone")
#define TEXT_OPTION_PLAIN      N_("no alternate screen: everything stays on the terminal")
#define TEXT_OPTION_LABEL                                                                          \
	N_("what the phone calls it (default: USER@HOST); one of its own for each further token")
#define TEXT_OPTION_ISSUER    N_("who gave it, for the phone (default: the host name)")
#define TEXT_OPTION_COUNT     N_("how many backup codes (default: 10)")
#define TEXT_OPTION_ALGORITHM N_("default: sha1, which every phone knows")
#define TEXT_OPTION_DIGITS    N_("of a code (default: 6)")
#define TEXT_OPTION_PERIOD    N_("seconds between two codes (default: 30)")
#define TEXT_OPTION_QR        N_("how the QR code is drawn (default: auto)")
#define TEXT_OPTION_QR_FILE   N_("the QR code as a picture, mode 0600")
#define TEXT_OPTION_SHEET                                                                          \
	N_("the backup codes as a page to print, mode 0600; with --no-confirm the QR code is on "  \
	   "it")
#define TEXT_OPTION_PAPER N_("of the sheet (default: as the locale says)")

/* commands.c: commands */
#define TEXT_SUMMARY_INIT N_("Make the host key and the store.")
#define TEXT_HELP_INIT                                                                             \
	N_("The first add does it by itself. Neither a package nor a login ever does, so that "    \
	   "images for many machines carry no key.")
#define TEXT_SUMMARY_ADD                                                                           \
	N_("Give a user a second factor: QR code, a code to confirm it, backup codes.")
#define TEXT_HELP_ADD                                                                              \
	N_("Nothing is stored before a code from the phone has been right. Secrets are shown on "  \
	   "a "                                                                                    \
	   "terminal, or where --json, --sheet, --qr-file or --qr ask for them; they are never "   \
	   "taken from the command line.")
#define TEXT_SUMMARY_STATUS N_("Show what a user has: tokens, codes left, last use, locks.")
#define TEXT_HELP_STATUS                                                                           \
	N_("Ends with 0 for a user who is enrolled, 1 when locked, 4 when not enrolled or "        \
	   "unknown, "                                                                             \
	   "5 when the record cannot be read.")
#define TEXT_SUMMARY_CODES  N_("Make a new set of backup codes; the old set is void at that moment.")
#define TEXT_SUMMARY_VERIFY N_("Say whether a code would be accepted now; nothing is used up.")
#define TEXT_HELP_VERIFY                                                                           \
	N_("The code is asked for, or read from standard input; it is never an argument.")
#define TEXT_SUMMARY_LIST N_("List users and what they have.")
#define TEXT_HELP_LIST                                                                             \
	N_("Everybody of the user database but the system's accounts, and everybody who is "       \
	   "enrolled.")
#define TEXT_SUMMARY_UNLOCK N_("Clear a user's locks and counts of failures.")
#define TEXT_HELP_UNLOCK                                                                           \
	N_("Codes that were used stay used. A damaged state is made anew, with all backup codes "  \
	   "counted as used.")
#define TEXT_SUMMARY_REMOVE N_("Take a user's second factor away, or one token of it.")
#define TEXT_SUMMARY_GRACE  N_("Give a user who is not enrolled more time, or none.")
#define TEXT_SUMMARY_RESYNC                                                                        \
	N_("Set a token right whose clock is off, by two codes one after the other.")
#define TEXT_HELP_RESYNC                                                                           \
	N_("The codes are asked for, or read from two lines of standard input. Up to a day is "    \
	   "put "                                                                                  \
	   "right; both codes are used up.")
#define TEXT_SUMMARY_IMPORT N_("Take over secrets from another tool.")
#define TEXT_HELP_IMPORT                                                                           \
	N_("FORMAT is google-authenticator (a ~/.google_authenticator; needs USER), users.oath "   \
	   "(of "                                                                                  \
	   "pam_oath), or uri (an otpauth URI a line; its account is the user unless USER is "     \
	   "given). "                                                                              \
	   "Nothing is asked; old scratch codes are not kept, and there are no backup codes "      \
	   "unless "                                                                               \
	   "--count says how many.")
#define TEXT_SUMMARY_REKEY N_("Make a new host key and seal every file with it.")
#define TEXT_HELP_REKEY                                                                            \
	N_("Can be stopped at any point; the next run goes on with it. The old key goes when no "  \
	   "file needs it any more.")
#define TEXT_SUMMARY_PRUNE N_("List the records of deleted users, or put them aside.")
#define TEXT_HELP_PRUNE                                                                            \
	N_("Nothing is ever deleted: records move to trash/ in the store. Refuses when more than " \
	   "a "                                                                                    \
	   "tenth of all users look deleted, for then a directory may be down.")
#define TEXT_OPTION_SHEET_CODES   N_("the codes as a page to print, mode 0600")
#define TEXT_OPTION_FORCE_FILES   N_("replace existing output files")
#define TEXT_OPTION_ENROLLED      N_("only who is enrolled")
#define TEXT_OPTION_MISSING       N_("only who has to be and is not")
#define TEXT_OPTION_LOCKED        N_("only who is locked")
#define TEXT_OPTION_GROUP         N_("the members of a group")
#define TEXT_OPTION_LABEL_ONE     N_("only the token of this label")
#define TEXT_OPTION_FORCE_REMOVE  N_("put aside what cannot be read, too")
#define TEXT_OPTION_FORCE_ACCOUNT N_("root and system accounts too")
#define TEXT_OPTION_EXTEND        N_("this much more time, such as 3d")
#define TEXT_OPTION_END           N_("no more grace")
#define TEXT_OPTION_YES           N_("do it: without, they are only listed")
#define TEXT_OPTION_FORCE_PRUNE   N_("even if more than a tenth look deleted")
#define TEXT_OPTION_COUNT_IMPORT  N_("backup codes for each (default: none)")

#define TEXT_OPTION_USERS                                                                          \
	N_("many at once: a name a line; needs --json or --sheet-dir, asks nothing")
#define TEXT_OPTION_MEMBERS   N_("many at once: the members of a group")
#define TEXT_OPTION_SHEET_DIR N_("with --users or --group: a sheet for each, with the QR code")

/* bulk.c */
#define TEXT_BULK_WHO     _("one of: USER, --users, --group")
#define TEXT_BULK_FILES   _("--sheet, --qr-file and --qr are for one user: use --sheet-dir or --json")
#define TEXT_BULK_PLACE   _("say by --json or --sheet-dir where the secrets may go")
#define TEXT_BULK_DONE    _("%zu enrolled, %zu failed")
#define TEXT_BULK_SKIPPED _("%zu enrolled, %zu already enrolled and skipped, %zu failed")
#define TEXT_BULK_STOPPED(n)                                                                       \
	ngettext("interrupted: %zu was not tried", "interrupted: %zu were not tried", n)
#define TEXT_BULK_LEFT(n) ngettext("%zu was not tried", "%zu were not tried", n)

/* ask.c */
#define TEXT_NO_ANSWER   _("nothing was answered; nothing was changed")
#define TEXT_INTERRUPTED _("interrupted; nothing was changed")

/* cmd_list.c */
#define TEXT_NO_GROUP _("there is no group %s")

/* cmd_verify.c */
#define TEXT_ASK_VERIFY   _("Code: ")
#define TEXT_VERIFY_RIGHT _("right: it would be accepted")
#define TEXT_VERIFY_WRONG                                                                          \
	_("wrong: it is none of set %u, the only one that holds; was it read from an older "       \
	  "sheet? `kling-enroll codes %s` makes a new set")
#define TEXT_VERIFY_NO_SET _("wrong: %s has no backup codes; `kling-enroll codes %s` makes some")
#define TEXT_VERIFY_SPENT                                                                          \
	_("used already: it is backup code %d of set %u, and each works once; take another one")
#define TEXT_VERIFY_LATE                                                                           \
	_("wrong: the phone's code of %ld seconds ago. If the phone shows it now, its clock is "   \
	  "behind: set it by the network, or use `kling-enroll resync %s`; else take the next "    \
	  "one")
#define TEXT_VERIFY_EARLY                                                                          \
	_("wrong: the phone's code in %ld seconds. If the phone shows it now, its clock is ahead " \
	  "(or this machine's is behind): set it by the network, or use `kling-enroll resync %s`")
#define TEXT_VERIFY_HINT                                                                           \
	_("wrong; when the phone showed it just now, the phone's clock may be off: set it by the " \
	  "network, or use `kling-enroll resync %s`")
#define TEXT_VERIFY_USED                                                                           \
	_("used already, or older than one that was: it would be refused; wait for the next one")
#define TEXT_VERIFY_SHAPE _("neither a code of a phone nor a backup code")
#define TEXT_VERIFY_CLOCK                                                                          \
	_("right, but this machine's clock is behind a login that was accepted: it would be "      \
	  "refused")
#define TEXT_VERIFY_BACKUP _("right: it is backup code %d of set %u and would be accepted")
#define TEXT_VERIFY_LOCKED                                                                         \
	_("there are locks, and who comes from there is refused all the same: see `status`")

/* cmd_unlock.c */
#define TEXT_UNLOCKED _("%s is open again")
#define TEXT_WAS_OPEN _("%s was not locked; all counts are cleared")
#define TEXT_REBUILT                                                                               \
	_("%s: the state was damaged and is made anew; its backup codes are void: "                \
	  "`kling-enroll codes %s` makes new ones")

/* cmd_remove.c */
#define TEXT_REMOVED       _("%s has no second factor any more")
#define TEXT_TOKEN_REMOVED _("%s does not have that token any more")

/* cmd_grace.c */
#define TEXT_GRACE_WHICH    _("one of --extend 3d and --end is needed, and not both")
#define TEXT_GRACE_ENROLLED _("is enrolled already: there is no grace to change")
#define TEXT_GRACE_UNTIL    _("%s has until %s to enroll")
#define TEXT_GRACE_OVER     _("%s cannot log in without a second factor")

/* cmd_resync.c */
#define TEXT_ASK_FIRST    _("Code from the phone: ")
#define TEXT_ASK_SECOND   _("The code that comes next: ")
#define TEXT_RESYNC_SHAPE _("that is no code of a phone; nothing was changed")
#define TEXT_RESYNC_WRONG                                                                          \
	_("these are not two codes, one after the other, of a token within a day; nothing was "    \
	  "changed")
#define TEXT_RESYNCED _("%s: %s is set right, %+d steps from this clock")

/* cmd_rekey.c */
#define TEXT_REKEY_RESUMED _("going on with the rekeying that was stopped")
#define TEXT_REKEY_LEFT(n)                                                                         \
	ngettext("%zu of %zu records could not be sealed with the new key; the old key stays "     \
		 "until it can",                                                                   \
		 "%zu of %zu records could not be sealed with the new key; the old key stays "     \
		 "until they can",                                                                 \
		 n)
#define TEXT_REKEY_STOPPED                                                                         \
	_("stopped (%s): every record can be read, by the old key or the new one; "                \
	  "`kling-enroll rekey` goes on from there")
#define TEXT_REKEY_DONE(n)                                                                         \
	ngettext("%zu record is sealed with the new key; back it up",                              \
		 "%zu records are sealed with the new key; back it up", n)

/* cmd_prune.c */
#define TEXT_PRUNE_NONE(n)                                                                         \
	ngettext("the %zu record is no deleted user's", "none of %zu records is a deleted user's", \
		 n)
#define TEXT_PRUNE_TOO_MANY(n)                                                                     \
	ngettext("%zu of %zu users looks deleted; that is more than a tenth, as when a directory " \
		 "is down, so nothing was moved. If it was deleted: `kling-enroll prune --yes "    \
		 "--force` puts its record aside, into %s/trash, and deletes nothing",             \
		 "%zu of %zu users look deleted; that is more than a tenth, as when a directory "  \
		 "is down, so nothing was moved. If they were deleted: `kling-enroll prune --yes " \
		 "--force` puts their records aside, into %s/trash, and deletes nothing",          \
		 n)
#define TEXT_PRUNE_LISTED(n)                                                                       \
	ngettext("%zu of %zu records is of nobody any more: `kling-enroll prune --yes` puts it "   \
		 "aside, into %s/trash",                                                           \
		 "%zu of %zu records are of nobody any more: `kling-enroll prune --yes` puts "     \
		 "them aside, into %s/trash",                                                      \
		 n)
#define TEXT_PRUNE_LISTED_MANY(n)                                                                  \
	ngettext("%zu of %zu records is of nobody any more. That is more than a tenth, as when a " \
		 "directory is down. If the user was deleted: `kling-enroll prune --yes --force` " \
		 "puts it aside, into %s/trash",                                                   \
		 "%zu of %zu records are of nobody any more. That is more than a tenth, as when "  \
		 "a directory is down. If the users were deleted: `kling-enroll prune --yes "      \
		 "--force` puts them aside, into %s/trash",                                        \
		 n)
#define TEXT_PRUNE_MOVED(n)                                                                        \
	ngettext("%zu record was put aside, into %s/trash",                                        \
		 "%zu records were put aside, into %s/trash", n)

/* import.c, import_google.c, import_oath.c, cmd_import.c */
#define TEXT_STDIN         _("standard input")
#define TEXT_IMPORT_FORMAT _("%s: the FORMAT must be google-authenticator, users.oath or uri")
#define TEXT_IMPORT_ARGV                                                                           \
	_("a URI is read from a file or from standard input (-), never from the command line")
#define TEXT_IMPORT_PLACE                                                                          \
	_("--count makes backup codes, and standard output is no terminal: say --json, or leave "  \
	  "--count out and make them with `kling-enroll codes`")
#define TEXT_IMPORT_LABEL                                                                          \
	_("has a token of the label \"%s\" already: --replace takes this one in place of what "    \
	  "the "                                                                                   \
	  "user has")
#define TEXT_IMPORT_WHOSE   _("a google-authenticator file does not say whose it is: name the USER")
#define TEXT_IMPORT_AT      "%s:%u: %s"
#define TEXT_IMPORT_LINE    _("this line is not understood")
#define TEXT_IMPORT_EMPTY   _("the file is empty")
#define TEXT_IMPORT_HEX     _("the secret is not hex")
#define TEXT_IMPORT_NOTHING _("%s: nothing to import")
#define TEXT_IMPORT_TWICE   _("this secret was imported already")
#define TEXT_IMPORT_PIN     _("the PIN is not kept")
#define TEXT_IMPORT_SCRATCH(n)                                                                     \
	ngettext("its %u scratch code is not kept; `kling-enroll codes` makes backup codes",       \
		 "its %u scratch codes are not kept; `kling-enroll codes` makes backup codes", n)
#define TEXT_IMPORT_WINDOW       _("the window is not kept: here it is code_window in kling.conf")
#define TEXT_IMPORT_RATE         _("the rate limit is not kept: here it is lockout_tries in kling.conf")
#define TEXT_OPTION_LABEL_IMPORT N_("what the token is called, where the file does not say")

/* check*.c, findings.c */
#define TEXT_SUMMARY_CHECK                                                                         \
	N_("Look for ways around the second factor and for ways to be locked out.")
#define TEXT_HELP_CHECK                                                                            \
	N_("Reads the configuration, keys, store, PAM files and what sshd says. With --user: "     \
	   "what "                                                                                 \
	   "the module would decide of such a login, and why. Ends with 1 when there is a "        \
	   "warning "                                                                              \
	   "or an error.")
#define TEXT_OPTION_CHECK_USER    N_("what would happen to this user")
#define TEXT_OPTION_CHECK_SERVICE N_("through this service (default: sshd)")
#define TEXT_OPTION_CHECK_FROM    N_("from this address")
#define TEXT_CHECK_WHOSE          _("--service and --from go with --user")
#define TEXT_CHECK_FROM_WHERE                                                                      \
	_("--from %s: not a numeric address (such as 203.0.113.7 or 2001:db8::1); names are "      \
	  "never looked up")
#define TEXT_CHECK_NOTHING _("nothing to complain of\n")

#define TEXT_CHECK_NOT_BINDING                                                                     \
	_("when it says no, that does not refuse: the other lines can still let in")
#define TEXT_FIX_REWRITE     _("write this line as `%s`")
#define TEXT_CHECK_PASSED_BY _("it can end the stack with success before pam_kling is asked")
#define TEXT_FIX_PASSED_BY                                                                         \
	_("put the pam_kling line before it, or make it `required`, or let its jump end at "       \
	  "pam_kling")
#define TEXT_FIX_ACCOUNT_FIRST _("put pam_kling's account line before it")
#define TEXT_CHECK_CODE_ALONE  _("a right code lets in with a wrong password")
#define TEXT_CHECK_GRACE                                                                           \
	_("users in grace are refused: it has nothing to say about them, and no other line says "  \
	  "yes")
#define TEXT_FIX_GRACE          _("add `auth required pam_permit.so` behind it")
#define TEXT_CHECK_NOBODY       _("even a right password and a right code do not let in")
#define TEXT_FIX_NOBODY         _("let no jump or end of the stack pass this line by")
#define TEXT_CHECK_PREAUTH_LATE _("the password is judged before preauth can stop it")
#define TEXT_FIX_PREAUTH_FIRST  _("make `auth requisite pam_kling.so preauth` the first line")
#define TEXT_CHECK_PREAUTH_GOES_ON                                                                 \
	_("while locked, passwords are judged all the same, for preauth does not end the stack")
#define TEXT_CHECK_NO_CODE _("preauth counts passwords, but no line asks for a code")
#define TEXT_FIX_NO_CODE   _("add `auth required pam_kling.so` behind the password")
#define TEXT_CHECK_TWICE                                                                           \
	_("it asks for a code a second time, and the one that was just used is refused as a "      \
	  "replay")
#define TEXT_FIX_TWICE _("leave one of the lines out: this one, or the one in the included file")
#define TEXT_CHECK_FAILLOCK                                                                        \
	_("it counts the same failures as pam_kling, and a stranger can lock an administrator "    \
	  "out")
#define TEXT_FIX_FAILLOCK           _("take its lines out of the stack")
#define TEXT_CHECK_PASSWORD_GOES_ON _("a password that it refuses is stored all the same")
#define TEXT_CHECK_USE_AUTHTOK      _("it asks for a password of its own, which nobody has checked")
#define TEXT_FIX_USE_AUTHTOK        _("add `use_authtok` to it")
#define TEXT_CHECK_PREAUTH_NO_ACCOUNT                                                              \
	_("there is no account line: right passwords count as wrong ones, too")
#define TEXT_CHECK_NO_ACCOUNT                                                                      \
	_("there is no account line: deadlines, addresses and keys are not judged")
#define TEXT_FIX_ACCOUNT _("add `account required pam_kling.so` before the other account lines")
#define TEXT_CHECK_PASSWORD_LATE                                                                   \
	_("the new password is stored before its rules are asked, whatever they say then")
#define TEXT_FIX_PASSWORD_FIRST                                                                    \
	_("move `password requisite pam_kling.so` before the line that stores the password")
#define TEXT_CHECK_INCLUDE _("%s: it includes %s, which is not there: PAM refuses everybody")
#define TEXT_FIX_INCLUDE   _("correct the name of the included file, or take the line out")
#define TEXT_CHECK_ROUND   _("its includes go round")
#define TEXT_CHECK_NO_PEOPLE                                                                       \
	_("jobs run through it and nobody is there to answer, but second_factor is not off for "   \
	  "it")
#define TEXT_FIX_NO_PEOPLE                                                                         \
	_("put `[service cron crond atd systemd-user]` with `second_factor = off` into "           \
	  "kling.conf")
#define TEXT_CHECK_COMBINED_LATE                                                                   \
	_("prompt_style = combined: password and code are typed together, but the password has "   \
	  "been asked for before this line")
#define TEXT_CHECK_COMBINED_AGAIN                                                                  \
	_("prompt_style = combined: the password was typed together with the code, and this line " \
	  "asks for it again")
#define TEXT_FIX_COMBINED                                                                          \
	_("put pam_kling before the password module, and give that one `use_first_pass`")
#define TEXT_CHECK_BATCH                                                                           \
	_("this tool of root's answers the question for a code with the new password, and "        \
	  "second_factor is not off for it: root's own password cannot be set with it")
#define TEXT_FIX_BATCH                                                                             \
	_("put `[service chpasswd newusers]` with `second_factor = off` into kling.conf")
#define TEXT_FIX_ARGUMENT  _("mend the argument of this line; until then everybody is refused")
#define TEXT_CHECK_WITHOUT _("people log in through it, and it does not ask for a second factor")
#define TEXT_FIX_WITHOUT                                                                           \
	_("add Kling's lines (EXAMPLES in pam_kling(8)), or say `second_factor = off` for it in "  \
	  "kling.conf")
#define TEXT_CHECK_OTHERS _("these ask for a password and for no code: %s")
#define TEXT_FIX_OTHERS                                                                            \
	_("if one of them opens something (polkit-1 gives root), add Kling's lines to it "         \
	  "(EXAMPLES "                                                                             \
	  "in pam_kling(8))")
#define TEXT_CHECK_NOWHERE _("no service uses pam_kling: nobody is asked for a second factor")
#define TEXT_FIX_NOWHERE   _("add Kling's lines to a service (EXAMPLES in pam_kling(8))")

#define TEXT_FIX_NOWHERE_DEBIAN                                                                    \
	_("run `pam-auth-update --enable kling kling-preauth`, or add Kling's lines to one "       \
	  "service (EXAMPLES in pam_kling(8))")

#define TEXT_CHECK_SSHD_PAM _("sshd does not use PAM: no code is ever asked")
#define TEXT_FIX_SSHD_PAM   _("set `UsePAM yes`")
#define TEXT_CHECK_SSHD_KEYBOARD                                                                   \
	_("sshd passes no question on (KbdInteractiveAuthentication no): no code can ever be "     \
	  "asked")
#define TEXT_FIX_SSHD                                                                              \
	_("put a file into /etc/ssh/sshd_config.d with `UsePAM yes`, "                             \
	  "`KbdInteractiveAuthentication "                                                         \
	  "yes` and `PasswordAuthentication no`, and reload sshd")
#define TEXT_CHECK_SSHD_METHODS                                                                    \
	_("AuthenticationMethods has no keyboard-interactive: no code can ever be asked")
#define TEXT_FIX_SSHD_METHODS                                                                      \
	_("use `AuthenticationMethods publickey,keyboard-interactive:pam`, or leave it out")
#define TEXT_CHECK_SSHD_PASSWORD                                                                   \
	_("sshd answers every question of PAM with the password, the one for the code too")
#define TEXT_FIX_SSHD_PASSWORD _("set `PasswordAuthentication no`")
#define TEXT_CHECK_SSHD_DNS                                                                        \
	_("sshd hands names to PAM instead of addresses: address rules refuse, known sources are " \
	  "strangers")
#define TEXT_FIX_SSHD_DNS _("set `UseDNS no`")
#define TEXT_CHECK_KEY_REFUSED                                                                     \
	_("public_key = needs_code, but sshd lets a key alone log in: Kling refuses those logins")
#define TEXT_FIX_KEY_REFUSED  _("set `AuthenticationMethods publickey,keyboard-interactive:pam`")
#define TEXT_CHECK_KEY_ENOUGH _("an SSH key alone logs in without a code (public_key = accept)")
#define TEXT_FIX_KEY_ENOUGH                                                                        \
	_("if that is not meant: `public_key = needs_code` in kling.conf, and "                    \
	  "`AuthenticationMethods publickey,keyboard-interactive:pam` in sshd")
#define TEXT_SSHD_MATCH        _("where `Match %s` applies: %s")
#define TEXT_FIX_SSHD_KEYBOARD _("set `KbdInteractiveAuthentication yes`")
#define TEXT_CHECK_SSHD_CODE_ALONE                                                                 \
	_("the PAM file asks for a code alone and trusts sshd to have taken a key, but sshd asks " \
	  "it without a key, too: a code is enough, and users in grace need nothing at all")
#define TEXT_CHECK_SSHD_MATCH _("this block was not examined: no connection could be thought of")
#define TEXT_FIX_SSHD_MATCH                                                                        \
	_("see `sshd -T -C user=NAME,host=NAME,addr=ADDRESS` for a connection of that kind")
#define TEXT_CHECK_SSHD_SILENT _("sshd -T did not answer: its configuration was not looked at")
#define TEXT_FIX_SSHD_SILENT   _("try `sshd -t` as root")
#define TEXT_SSHD_CANNOT_ASK   _("sshd is set up so that no code can ever be asked: %s")

/* culprit.c: what stands in backquotes is a command line that mends it. */
#define TEXT_CULPRIT_MODE      _("its mode is %04o and should be %04o")
#define TEXT_CULPRIT_OWNER     _("its owner is %s and should be %s")
#define TEXT_CULPRIT_BOTH      _("it is of owner %s, mode %04o, and should be of owner %s, mode %04o")
#define TEXT_CULPRIT_FIX_MODE  "`chmod %04o %s`"
#define TEXT_CULPRIT_FIX_OWNER "`chown %s %s`"
#define TEXT_CULPRIT_FIX_BOTH  "`chown %s %s && chmod %04o %s`"
#define TEXT_CULPRIT_LINK      _("it is a symbolic link (to %s), and links are not followed")
#define TEXT_CULPRIT_FIX_LINK                                                                      \
	_("put what it points to in its place, or name %s itself in kling.conf or with --config")
#define TEXT_CULPRIT_NOWHERE      _("nothing")
#define TEXT_CULPRIT_NAMES        _("it has %lu names (hard links) and should have one")
#define TEXT_CULPRIT_FIX_NAMES    "`cp -p %s %s.copy && mv %s.copy %s`"
#define TEXT_CULPRIT_NO_DIRECTORY _("something else is where a directory should be")
#define TEXT_CULPRIT_NO_FILE      _("something else is where a regular file should be")
#define TEXT_CULPRIT_FIX_KIND     _("move it away, and put the right one back from its backup")
#define TEXT_CULPRIT_UNCLEAN                                                                       \
	_("not an absolute path without `.`, `..`, `//` and a slash at its end")
#define TEXT_CULPRIT_FIX_UNCLEAN                                                                   \
	_("write the path out from the root, such as /etc/kling/kling.conf")
#define TEXT_CULPRIT_GUEST                                                                         \
	_("it is not named as a key is and not read; it may hold a key all the same")
#define TEXT_CULPRIT_OTHER_KEY                                                                     \
	_("it does not fit the keys beside it: renamed, put back twice, or another machine's")
#define TEXT_CULPRIT_DAMAGED_KEY _("it is damaged: not what a key file holds")
#define TEXT_CULPRIT_FIX_MOVE    _("move it out of the directory, as by `mv %s /root/`")

#define TEXT_CHECK_CONFIG_PATH _("the configuration is not read: %s")
#define TEXT_FIX_CONFIG        _("mend it; until then everybody who needs a code is refused")
#define TEXT_FIX_CONFIG_ABOVE                                                                      \
	_("move it above line %u, where the first section begins; until then everybody who needs " \
	  "a code is refused")
#define TEXT_FIX_CONFIG_MEANT                                                                      \
	_("did you mean `%s`? until it is mended everybody who needs a code is refused")
#define TEXT_CHECK_FS_NETWORK N_("over the network locks may fail, and others may read the store")
#define TEXT_CHECK_FS_FUSE    N_("locks and flushes are only as good as the program behind it")
#define TEXT_CHECK_FS_MEMORY  N_("used codes, locks and enrollments are forgotten at each restart")
#define TEXT_CHECK_FS_MODES   N_("it has no owners and modes, or no journal")
#define TEXT_CHECK_FS_COPIES  N_("each write needs new space: a full disk refuses logins")
#define TEXT_CHECK_FS_LAYER                                                                        \
	N_("it is a container's layer, and goes when the container is made anew")
#define TEXT_FIX_FS         _("move it to a local disk (state_dir in kling.conf)")
#define TEXT_CHECK_REKEY    _("there are %zu host keys: a rekeying was stopped")
#define TEXT_FIX_REKEY      _("`kling-enroll rekey` goes on with it")
#define TEXT_CHECK_NO_STATE _("the enrollment has no state beside it")
#define TEXT_CHECK_HALF     _("one half of the state was lost")
#define TEXT_FIX_HALF       _("the next login repairs it; look for the reason (disk, restored backup)")
#define TEXT_CHECK_WINDOW   _("too many tokens for this code_window: the window is narrowed")
#define TEXT_FIX_WINDOW     _("remove a token, or lower code_window")
#define TEXT_CHECK_DIGITS   _("tokens of different lengths, and prompt_style = combined")
#define TEXT_FIX_DIGITS     _("replace one of the tokens")
#define TEXT_CHECK_ORPHANS(n)                                                                      \
	ngettext("%zu record is of a user who does not exist any more",                            \
		 "%zu records are of users who do not exist any more", n)
#define TEXT_FIX_ORPHANS _("`kling-enroll prune` lists them, `prune --yes` puts them aside")
#define TEXT_CHECK_MORE(n)                                                                         \
	ngettext("%zu more record has problems", "%zu more records have problems", n)
#define TEXT_FIX_MORE _("mend the first ones and check again")
#define TEXT_FIX_KEY                                                                               \
	_("put the key file back from its backup; without one: \"A lost key, a lost store\" in "   \
	  "DEPLOY.md")
#define TEXT_FIX_STATE                                                                             \
	_("`kling-enroll unlock %s` makes a state anew; its backup codes are void then")
#define TEXT_FIX_ENROLLMENT _("`kling-enroll remove --force %s`, then `kling-enroll add %s`")
#define TEXT_CHECK_READ_ONLY                                                                       \
	_("it is mounted read-only: what cannot be recorded is not accepted, so no code lets in")
#define TEXT_FIX_READ_ONLY _("mount it for writing; look why it is not (`dmesg`, /etc/fstab)")
#define TEXT_FIX_PERM                                                                              \
	_("owner root, no rights for group and others, one link, no symbolic links; so the "       \
	  "directories above")
#define TEXT_FIX_IO     _("look at the disk and the kernel's messages")
#define TEXT_FIX_LOOKUP _("mend the user database; nothing can be said of this user")
#define TEXT_FIX_INIT   _("`kling-enroll init`, or the first `add`")
#define TEXT_FIX_LOST                                                                              \
	_("mount or restore it; `kling-enroll init --force` makes a new one, in which nobody is "  \
	  "enrolled")
#define TEXT_CHECK_CLOCK _("the clock cannot be read, or is before 2020")
#define TEXT_FIX_CLOCK   _("set it; until then only backup codes work")
#define TEXT_CHECK_SYNC  _("the kernel does not know its clock to be synchronised")
#define TEXT_FIX_SYNC    _("run an NTP client (in a container: on the host)")

/* check_sections.c */
#define TEXT_SECTION_NO_GROUP _("there is no group %s: the section never holds for it")
#define TEXT_SECTION_NO_USER  _("there is no user %s: the section never holds for that name")
#define TEXT_SECTION_SPELLING _("the user database writes %s as %s: the section never holds")
#define TEXT_SECTION_LOOKUP   _("%s could not be looked up: the user database did not answer")
#define TEXT_SECTION_NO_SERVICE                                                                    \
	_("there is no service %s in /etc/pam.d: the section never holds for it")
#define TEXT_SECTION_UNGUARDED                                                                     \
	_("the section is about %s, but %s has no line of pam_kling: nothing of it is done there")
#define TEXT_FIX_SECTION_NAME  _("correct the name, or take it out")
#define TEXT_FIX_SECTION_MEANT _("did you mean `%s`? else take the name out")
#define TEXT_SECTION_TWIN                                                                          \
	_("the section holds for %s, but not for `%s`, which PAM knows as the service %s")
#define TEXT_FIX_TWIN _("name both: `service %s %s`")
#define TEXT_SECTION_NOBODY                                                                        \
	_("none of the users it names is in any of its groups: the section never holds")
#define TEXT_SECTION_NO_ADDRESS                                                                    \
	_("logins through these services come without an address: the section never holds")
#define TEXT_FIX_NEVER     _("correct its conditions, or take the section out")
#define TEXT_SECTION_EMPTY _("nothing stands in this section")
#define TEXT_FIX_EMPTY     _("write its options below its heading, or take it out")
#define TEXT_SECTION_IDLE                                                                          \
	_("%s does nothing here: it stands below the heading of line %u and holds for that "       \
	  "section alone, in which nobody is asked for a code")
#define TEXT_FIX_MOVE_UP                                                                           \
	_("if it is meant for everybody, move it above line %u, where the first section begins; "  \
	  "else take it out")
#define TEXT_SECTION_OVERRIDDEN                                                                    \
	_("%s never counts here: line %u sets it again, in a section that holds wherever this "    \
	  "one does")
#define TEXT_FIX_OVERRIDDEN _("take this line out, or put its section behind the one of line %u")
#define TEXT_LOCKOUT_TRIES_CAPPED                                                                  \
	_("lockout_tries = 0: wrong answers never lock for a time; only lockout_cap ends "         \
	  "guessing")
#define TEXT_LOCKOUT_TRIES_NONE                                                                    \
	_("lockout_tries = 0 and lockout_cap = 0: codes and passwords can be guessed without end")
#define TEXT_FIX_LOCKOUT_TRIES _("`lockout_tries = 5`, or take it out: 5 is the default")
#define TEXT_LOCKOUT_DURATION                                                                      \
	_("lockout_duration = 0: a lock holds until an administrator opens it with `kling-enroll " \
	  "unlock`")
#define TEXT_FIX_LOCKOUT_DURATION _("`lockout_duration = 15m`, or take it out: 15m is the default")

/* check_blocklists.c */
#define TEXT_CHECK_BLOCKLIST _("password_blocklist %s: %s: no password can be set")
#define TEXT_FIX_BLOCKLIST                                                                         \
	_("a regular file of root's that nobody else may write to: words, at most 16 MiB, or "     \
	  "SHA-1 hashes sorted in ascending order")

/* forecast.c */
#define TEXT_FORECAST_DECISION _("decision")
#define TEXT_FORECAST_REASON   _("reason")
#define TEXT_FORECAST_SECTION  _("section")
#define TEXT_FORECAST_ASK      _("A code is asked for, and a right one lets in.")
#define TEXT_FORECAST_ASK_LOCKED                                                                   \
	_("A code is asked for, and a right one lets in. From other sources than this one there "  \
	  "are locks: see `kling-enroll status`.")
#define TEXT_FORECAST_LOCKED                                                                       \
	_("Locked for %s until %s: nothing that is typed lets in. `kling-enroll unlock %s` opens " \
	  "it.")
#define TEXT_FORECAST_CLOSED                                                                       \
	_("Locked for %s until an administrator opens it with `kling-enroll unlock %s`.")
#define TEXT_FORECAST_BUSY                                                                         \
	_("Locked for %s for the moment: too many passwords are under way at once.")
#define TEXT_LEDGER_KNOWN     _("%s, an address %s usually comes from,")
#define TEXT_LEDGER_STRANGERS _("all addresses %s does not usually come from")
#define TEXT_LEDGER_KEYED     _("logins that have shown an SSH key")
#define TEXT_LEDGER_CONSOLE   _("the console")
#define TEXT_LEDGER_LOCAL     _("programs on this machine")
#define TEXT_LEDGER_EVERYBODY _("logins from everywhere")
#define TEXT_FORECAST_SSHD                                                                         \
	_("But sshd can ask for no code, except by a Match block: `kling-enroll check` shows "     \
	  "this "                                                                                  \
	  "error and its fix.")
#define TEXT_FORECAST_OTHER _("There is no /etc/pam.d/%s; `other` decides.")
#define TEXT_FORECAST_GRACE _("%s is not enrolled; the grace runs until %s. No code is asked for.")
#define TEXT_FORECAST_GRACE_AHEAD                                                                  \
	_("%s is not enrolled; the grace begins with the next login. No code is asked for.")
#define TEXT_FORECAST_NO_SERVICE                                                                   \
	_("There is no service %s in /etc/pam.d. PAM takes `other` for it, and that has no line "  \
	  "of pam_kling which asks: Kling guards no such login.")
#define TEXT_FORECAST_NO_LINE                                                                      \
	_("No code is ever asked for: %s has no auth line of pam_kling. Kling does not guard "     \
	  "this "                                                                                  \
	  "login, whatever kling.conf says.")
#define TEXT_FORECAST_NO_ACCOUNT                                                                   \
	_("There is no account line of pam_kling: deadlines, addresses and keys are not judged.")
#define TEXT_FORECAST_KEY_PASS _("An SSH key alone, where sshd takes one, lets in without a code.")
#define TEXT_FORECAST_KEY_DENY _("An SSH key alone is refused: %s")
#define TEXT_FORECAST_PASS     _("No code is asked for.")
#define TEXT_FORECAST_ASK_DENY _("A code is asked for, as from everybody, and no code lets in.")
#define TEXT_FORECAST_DENY     _("Refused.")
#define TEXT_FORECAST_ACCOUNT  _("Behind that, the account phase refuses: %s")

/* when.c */
#define TEXT_WHEN_AHEAD _("%s (in %s)")
#define TEXT_WHEN_AGO   _("%s (%s ago)")
#define TEXT_DAYS(n)    ngettext("%ld day", "%ld days", n)
#define TEXT_HOURS(n)   ngettext("%ld hour", "%ld hours", n)
#define TEXT_MINUTES(n) ngettext("%ld minute", "%ld minutes", n)
#define TEXT_SECONDS(n) ngettext("%ld second", "%ld seconds", n)

/* progress.c */
#define TEXT_PROGRESS_RATE _("  %.0f/s")
#define TEXT_PROGRESS_LEFT _("  %s left")

/* cmd_password.c */
#define TEXT_SUMMARY_PASSWORD     N_("Hold a password against the rules, as passwd would.")
#define TEXT_OPTION_PASSWORD_USER N_("whose: the names and the rules of this user count")
#define TEXT_HELP_PASSWORD                                                                         \
	N_("Reads one password from standard input, and prints a line for each rule it does not "  \
	   "meet. It is not shown and not kept; former passwords are not looked at. Ends with 0 "  \
	   "when all rules are met, else 1.")
#define TEXT_PASSWORD_FINE   _("every rule is met")
#define TEXT_PASSWORD_PROMPT _("Password to try: ")
#define TEXT_PASSWORD_LIST                                                                         \
	_("password_blocklist %s: %s; until it can be read, no password can be set")

/* tool.c */
#define TEXT_NOT_ROOT      _("only root may do this")
#define TEXT_CLOCK         _("the clock cannot be read or is before 2020: set it first")
#define TEXT_NO_USER       _("no such user")
#define TEXT_CONTRADICTION _("the configuration contradicts itself for this user: %s")
#define TEXT_STDOUT        _("standard output cannot be written: %s")
#define TEXT_BLAME         _("%s: %s: %s")
#define TEXT_ADVICE_IO     N_("; nothing was changed")
#define TEXT_ADVICE_LOCK   N_("; try again")
#define TEXT_ADVICE_CHECK  N_("; `kling-enroll check` names the file")
#define TEXT_ADVICE_CORRUPT                                                                        \
	N_("; `kling-enroll unlock` repairs a state, `kling-enroll remove` and `add` make the "    \
	   "enrollment anew")
#define TEXT_ADVICE_OWNER                                                                          \
	N_("; was the user deleted and made again? `kling-enroll remove --force`, then `add`")
#define TEXT_ADVICE_KEY                                                                            \
	N_("; put the key file back from its backup; without one `kling-enroll remove --force` "   \
	   "and `add` make the enrollment anew")
#define TEXT_ADVICE_INIT N_("; `kling-enroll init` or the first `add` makes them")
#define TEXT_KEY_GONE                                                                              \
	_("%s has no key for the store in %s: put the key file back from its backup, as root's "   \
	  "and with mode 0400. Without a backup nothing in this store can ever be read again: "    \
	  "move it away (`mv %s %s.lost`), make a new one with `kling-enroll init`, and enroll "   \
	  "everybody anew; nobody is enrolled until then. DEPLOY.md has the steps")
#define TEXT_STORE_GONE                                                                            \
	_("there is a host key in %s, but no store of its own in %s: is it mounted? Else put it "  \
	  "back from its backup. Without a backup `kling-enroll init --force` makes an empty one " \
	  "beside the key: then nobody is enrolled, everybody has a new time of grace, and locks " \
	  "and used codes are forgotten. DEPLOY.md has the steps")
#define TEXT_ADVICE_AGAIN  N_("; look at `kling-enroll status` and try again")
#define TEXT_ADVICE_LOOKUP N_("; nothing was changed")

/* cmd_init.c */
#define TEXT_INIT_EXISTS _("key and store are there already (%s)")
#define TEXT_INIT_DONE                                                                             \
	_("made a host key in %s and a store in %s; back both up, apart from each other")

/* issue.c */
#define TEXT_ALREADY                                                                               \
	_("is enrolled already: --replace makes a new one in its place, --label NAME adds a "      \
	  "further token")
#define TEXT_NOT_ENROLLED  _("is not enrolled")
#define TEXT_NO_SUCH_TOKEN _("has no token of the label \"%s\": `kling-enroll status` lists them")
#define TEXT_TOO_MANY_TOKENS(n)                                                                    \
	ngettext("has %zu token: no more are possible with code_window = %u",                      \
		 "has %zu tokens: no more are possible with code_window = %u", n)
#define TEXT_COMBINED_DIGITS                                                                       \
	_("has a token with another number of digits, and prompt_style = combined cannot tell "    \
	  "them apart")
#define TEXT_LABEL_CUT _("the label was cut to \"%s\"; --label gives another one")
#define TEXT_BAD_LABEL                                                                             \
	_("--label %s: must be at most 100 bytes of UTF-8 without control characters")
#define TEXT_BAD_ISSUER                                                                            \
	_("--issuer %s: must be at most 100 bytes of UTF-8 without control characters or colons")

/* cmd_add.c */
#define TEXT_SYSTEM_ACCOUNT                                                                        \
	_("is root or a system account (uid %u): --force if that is what you want")
#define TEXT_ADD_WHOM          _("the USER is missing; several at once: --users FILE or --group NAME")
#define TEXT_ASK_CODE          _("Code from the phone: ")
#define TEXT_CODE_WRONG        _("That is not it")
#define TEXT_CODE_CLOCK_BEHIND _("The phone's clock is %ld seconds behind")
#define TEXT_CODE_CLOCK_AHEAD  _("The phone's clock is %ld seconds ahead")
#define TEXT_CODE_LEFT(n)      ngettext(" (%d try left). Code: ", " (%d tries left). Code: ", n)
#define TEXT_CODE_SHAPE        _("A code is %u digits. Code: ")
#define TEXT_ASK_ENTER         _("Enter goes on: ")
#define TEXT_NOT_CONFIRMED     _("not confirmed; nothing was stored")
#define TEXT_CUT_SHORT         _("interrupted; nothing was stored")
#define TEXT_NO_RIGHT_CODE                                                                         \
	_("no right code in %d tries, so nothing was stored. Delete this entry from the phone, "   \
	  "look at the clocks of phone and computer, and begin anew")
#define TEXT_TERMINAL _("the terminal cannot be used; nothing was stored")

/* screens.c */
#define TEXT_SCAN_HOW  _("Scan this with an authenticator app, or type in its secret:")
#define TEXT_SCAN_TYPE _("Type this secret into an authenticator app:")
#define TEXT_SCAN_TYPE_INSTEAD                                                                     \
	_("Type this secret into an authenticator app, or open the address below on the phone:")
#define TEXT_SCAN_THEN       _("Then type the code that it shows. Until it is right, nothing is stored.")
#define TEXT_SCAN_THEN_ENTER _("Then go on with Enter. ^C ends it: nothing is stored yet.")
#define TEXT_SCAN_TURN       _("It does not scan? i and Enter turn dark and light round.")
#define TEXT_SCAN_SMALL                                                                            \
	_("The QR code needs %zu columns and %zu rows, and this window has %zu and %zu: make it "  \
	  "larger")
#define TEXT_SCAN_TINY        _("The QR code needs %zux%zu.")
#define TEXT_SCAN_LARGER      _(", and it appears here.")
#define TEXT_SCAN_LARGER_ANEW _(" and begin anew.")
#define TEXT_SCAN_SHORTER     _(" Or begin anew with `%s`: then it fits.")
#define TEXT_SCAN_LOCALE                                                                           \
	_(" Or with `--qr utf8`, if this terminal shows UTF-8 and only its locale does not say "   \
	  "so (LC_ALL, LANG).")
#define TEXT_SCAN_FILE   _(" Or with `--qr-file FILE.png`, for a picture.")
#define TEXT_CODES_TITLE _("Backup codes for %s on %s, set %u")
#define TEXT_CODES_LOW   _("Not all codes fit: make this window %zu rows high.")
#define TEXT_CODES_WHAT                                                                            \
	_("Each works once, in place of a code from the phone. They are shown this once: write "   \
	  "them down, and keep them apart from the phone.")

/* deliver.c */
#define TEXT_BAD_ENDING _("%s %s: the name must end in %s or %s")
#define TEXT_NO_CAIRO                                                                              \
	_("this kling-enroll was built without cairo: no PNG, SVG or PDF; a sheet may end in "     \
	  ".txt")
#define TEXT_RECORDED       _("careful: %s is recording this terminal, secrets and all")
#define TEXT_NEEDS_TERMINAL _("there is nobody at a terminal to confirm a code: use --no-confirm")
#define TEXT_NO_PLACE                                                                              \
	_("standard output is no terminal: say by --json, --sheet, --qr-file or --qr where the "   \
	  "secrets may go")
#define TEXT_NO_PLACE_CODES                                                                        \
	_("standard output is no terminal: say by --json or --sheet where the codes may go")
#define TEXT_NO_PLACE_FOR_CODES                                                                    \
	_("no backup codes are made, for there is no place to show them; `kling-enroll codes %s` " \
	  "makes them")
#define TEXT_FILE_EXISTS _("%s: is there already (--force replaces it); nothing was changed")
#define TEXT_FILE        _("%s: %s; nothing was changed")
#define TEXT_NO_PICTURE  _("the URI is too long for a QR code: a shorter --label or --issuer")
#define TEXT_NO_QRENCODE                                                                           \
	_("no QR code can be made: is libqrencode installed? --qr none does without")
#define TEXT_NOT_UNDONE _("what was stored could not be shown, nor taken back: use `add --replace`")
#define TEXT_UNDONE     _("it was taken back: everything is as it was")
#define TEXT_CODES_NOT_SHOWN                                                                       \
	_("the codes could not be shown: `kling-enroll codes %s` makes new ones")
#define TEXT_ASK_KEPT _("Enter, when they are kept: ")
#define TEXT_ENROLLED _("%s is enrolled (%s)")
#define TEXT_CODES_MADE(n)                                                                         \
	ngettext("%s has %u new backup code (set %u)", "%s has %u new backup codes (set %u)", n)

/* summary.c */
#define TEXT_STATUS_UID                _(" (uid %u)\n")
#define TEXT_STATUS_ENROLLED           _("  enrolled since   %s\n")
#define TEXT_STATUS_NOT_ENROLLED       _("  not enrolled\n")
#define TEXT_STATUS_TOKEN              _("  token            ")
#define TEXT_STATUS_KIND               _(" (%s, %u digits, %u s)")
#define TEXT_STATUS_LAST_USE           _(", last used %s\n")
#define TEXT_STATUS_NEVER_USED         _(", never used\n")
#define TEXT_STATUS_CODES              _("  backup codes     %u of %u left, set %u\n")
#define TEXT_STATUS_NO_CODES           _("  backup codes     none\n")
#define TEXT_STATUS_LEDGER             _("  failures         from %s%s%s: ")
#define TEXT_STATUS_WRONG_CODES(n)     ngettext("%u wrong code", "%u wrong codes", n)
#define TEXT_STATUS_WRONG_PASSWORDS(n) ngettext("%u wrong password", "%u wrong passwords", n)
#define TEXT_STATUS_LOCKED_CODES       _("locked for wrong codes until %s")
#define TEXT_STATUS_LOCKED_PASSWORDS   _("locked for wrong passwords until %s")
#define TEXT_STATUS_LOCKED_FOR_GOOD    _("locked until an administrator opens it")
#define TEXT_STATUS_CAPPED                                                                         \
	_("closed after too many wrong codes in a row, until an administrator opens it")
#define TEXT_STATUS_LOCKED _("  locked           `kling-enroll unlock %s` opens it\n")
#define TEXT_STATUS_REPAIR                                                                         \
	_("  damage           one half of the state was lost; the next login repairs it\n")
#define TEXT_STATUS_NOT_REQUIRED _("  second factor    not required\n")
#define TEXT_STATUS_GRACE        _("  grace            until %s\n")
#define TEXT_STATUS_GRACE_AHEAD  _("  grace            begins with the next login\n")
#define TEXT_STATUS_GRACE_OVER   _("  grace            over: cannot log in\n")
#define TEXT_ROW                 "%-24s %-10s %6s %6s  %s\n"
#define TEXT_ROW_USER            _("USER")
#define TEXT_ROW_SINCE           _("ENROLLED")
#define TEXT_ROW_TOKENS          _("TOKENS")
#define TEXT_ROW_CODES           _("CODES")
#define TEXT_ROW_STATE           _("STATE")
#define TEXT_ROW_LOCKED          _("locked until")
#define TEXT_ROW_LOCKED_FOR_GOOD _("locked until unlocked")
#define TEXT_ROW_GRACE           _("grace until")
#define TEXT_ROW_AHEAD           _("grace not begun")
#define TEXT_ROW_OVER            _("grace over")
#define TEXT_ROW_NOT_REQUIRED    _("not required")

#endif
