/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/rules.h"

#include "policy/mark.h"

#include <string.h>

/* The longest time that makes sense anywhere. */
#define YEAR 31536000

static const struct choice second_factor_choices[] = {
    {"required", SECOND_FACTOR_REQUIRED},
    {"optional", SECOND_FACTOR_OPTIONAL},
    {"off", SECOND_FACTOR_OFF},
    {NULL, 0},
};

static const struct choice enroll_at_login_choices[] = {
    {"yes", ENROLL_AT_LOGIN_YES},
    {"key", ENROLL_AT_LOGIN_KEY},
    {"no", ENROLL_AT_LOGIN_NO},
    {NULL, 0},
};

static const struct choice public_key_choices[] = {
    {"accept", PUBLIC_KEY_ACCEPT},
    {"needs_code", PUBLIC_KEY_NEEDS_CODE},
    {NULL, 0},
};

static const struct choice prompt_style_choices[] = {
    {"separate", PROMPT_SEPARATE},
    {"combined", PROMPT_COMBINED},
    {NULL, 0},
};

static const struct choice lockout_scope_choices[] = {
    {"source", LOCKOUT_SCOPE_SOURCE},
    {"account", LOCKOUT_SCOPE_ACCOUNT},
    {NULL, 0},
};

static const struct choice rescue_choices[] = {
    {"none", RESCUE_NONE},
    {"console-root", RESCUE_CONSOLE_ROOT},
    {NULL, 0},
};

static const struct choice password_policy_choices[] = {
    {"classic", PASSWORD_POLICY_CLASSIC},
    {"nist", PASSWORD_POLICY_NIST},
    {NULL, 0},
};

#define AT(field) offsetof(struct rules, field)

#define YES_NO(name, field, standard)                                                              \
	{                                                                                          \
		name, TUNABLE_BOOL, TUNABLE_ANYWHERE, AT(field), 0, 0, standard, NULL              \
	}
#define NUMBER(name, field, low, high, standard)                                                   \
	{                                                                                          \
		name, TUNABLE_NUMBER, TUNABLE_ANYWHERE, AT(field), low, high, standard, NULL       \
	}
#define DURATION(name, field, low, high, standard)                                                 \
	{                                                                                          \
		name, TUNABLE_DURATION, TUNABLE_ANYWHERE, AT(field), low, high, standard, NULL     \
	}
#define CHOICE(name, field, choices, standard)                                                     \
	{                                                                                          \
		name, TUNABLE_CHOICE, TUNABLE_ANYWHERE, AT(field), 0, 0, standard, choices         \
	}
#define OTHER(name, type, place, field, low, high, standard)                                       \
	{                                                                                          \
		name, type, place, AT(field), low, high, standard, NULL                            \
	}
#define WORDS(name, field, standard)                                                               \
	OTHER(name, TUNABLE_WORDS, TUNABLE_ANYWHERE, field, 0, 0, standard)

const struct tunable tunables[] = {
    CHOICE("second_factor", second_factor, second_factor_choices, "required"),
    DURATION("enroll_grace", enroll.grace, 0, 10 * YEAR, "7d"),
    OTHER("enroll_deadline", TUNABLE_DATE, TUNABLE_ANYWHERE, enroll.deadline, 0, 0, ""),
    CHOICE("enroll_at_login", enroll.at_login, enroll_at_login_choices, "yes"),
    CHOICE("public_key", public_key, public_key_choices, "accept"),
    NUMBER("code_window", code_window, 0, 2, "1"),
    OTHER("prompt", TUNABLE_TEXT, TUNABLE_ANYWHERE, prompt, 1, 500, "Verification code:"),
    CHOICE("prompt_style", prompt_style, prompt_style_choices, "separate"),
    NUMBER("lockout_tries", lockout.tries, 0, LOCKOUT_TRIES_MAX, "5"),
    DURATION("lockout_interval", lockout.interval, 1, YEAR, "15m"),
    DURATION("lockout_duration", lockout.duration, 0, YEAR, "15m"),
    DURATION("lockout_max_duration", lockout.max_duration, 1, YEAR, "24h"),
    NUMBER("lockout_cap", lockout.cap, 0, 1000000, "100"),
    NUMBER("lockout_parallel", lockout.parallel, 1, LOCKOUT_PARALLEL_MAX, "5"),
    YES_NO("lockout_root", lockout.root, "yes"),
    CHOICE("lockout_scope", lockout.scope, lockout_scope_choices, "source"),
    YES_NO("lockout_message", lockout.message, "no"),
    WORDS("console_services", console_services, "login gdm-password gdm sddm lightdm xdm kdm"),
    WORDS("local_services", local_services,
	  "sudo sudo-i su su-l passwd chsh chfn polkit-1 runuser runuser-l cron crond atd "
	  "systemd-user"),
    CHOICE("rescue", rescue, rescue_choices, "none"),
    NUMBER("backup_code_iterations", backup_code_iterations, 1000, 1000000, "1000"),
    OTHER("allow_from", TUNABLE_RANGES, TUNABLE_ANYWHERE, allow_from, 0, 0, "any"),
    NUMBER("password_min_length", password.min_length, 1, 256, "12"),
    NUMBER("password_min_upper", password.min_upper, 0, 64, "1"),
    NUMBER("password_min_lower", password.min_lower, 0, 64, "0"),
    NUMBER("password_min_digit", password.min_digit, 0, 64, "1"),
    NUMBER("password_min_special", password.min_special, 0, 64, "1"),
    NUMBER("password_min_changed", password.min_changed, 0, 64, "4"),
    NUMBER("password_history", password_history, 0, 32, "5"),
    CHOICE("password_policy", password_policy, password_policy_choices, "classic"),
    OTHER("password_blocklist", TUNABLE_PATH, TUNABLE_ANYWHERE, password_blocklist, 0, 4095, ""),
    YES_NO("password_reject_names", password.reject_names, "yes"),
    NUMBER("password_retries", password_retries, 1, 10, "3"),
    YES_NO("password_enforce_root", password_enforce_root, "yes"),
    WORDS("enroll_services", enroll_services, "sshd login"),
    WORDS("key_login_services", key_login_services, "sshd"),
    YES_NO("session_report", session_report, "yes"),
    OTHER("state_dir", TUNABLE_PATH, TUNABLE_FILE_ONLY, state_dir, 1, 4095, KLING_STATE_DIR),
    OTHER("key_dir", TUNABLE_PATH, TUNABLE_FILE_ONLY, key_dir, 1, 4095, KLING_CONF_DIR "/keys"),
};

const size_t tunable_count = sizeof(tunables) / sizeof(tunables[0]);

const struct tunable *tunable_find(const char *name)
{
	for (size_t i = 0; i < tunable_count; i++) {
		if (strcmp(tunables[i].name, name) == 0)
			return &tunables[i];
	}
	return NULL;
}

static bool classes_exceed_length(const struct password_rules *password)
{
	return (uint64_t)password->min_upper + password->min_lower + password->min_digit +
		   password->min_special >
	       password->min_length;
}

static bool lists_overlap(const struct word_list *a, const struct word_list *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (word_list_has(b, a->words[i]))
			return true;
	}
	return false;
}

const char *rules_contradiction(const struct rules *rules)
{
	if (rules->lockout.max_duration < rules->lockout.duration)
		return N_("lockout_max_duration is below lockout_duration");
	if (rules->password_policy == PASSWORD_POLICY_CLASSIC &&
	    classes_exceed_length(&rules->password))
		return N_("the password_min_ classes together exceed password_min_length");
	if (lists_overlap(&rules->console_services, &rules->local_services))
		return N_("a service stands in both console_services and local_services");
	return NULL;
}

bool word_list_has(const struct word_list *list, const char *word)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->words[i], word) == 0)
			return true;
	}
	return false;
}
