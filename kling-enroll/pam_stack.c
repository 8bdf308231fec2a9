/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/pam_stack.h"

#include "lib/base/cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 16, WORDS_MAX = 64, NAME_BYTES = 512 };

static const char *const type_names[] = {"auth", "account", "password", "session"};

void pam_stack_clear(struct pam_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		free(stack->rules[i].words);
	for (size_t i = 0; i < stack->file_count; i++)
		free(stack->files[i]);
	free(stack->rules);
	free(stack->files);
	free(stack->missing);
	*stack = (struct pam_stack){0};
}

bool pam_rule_has(const struct pam_rule *rule, const char *argument)
{
	for (size_t i = 0; i < rule->argument_count; i++)
		if (strcmp(rule->arguments[i], argument) == 0)
			return true;
	return false;
}

/* Cuts a line into words: blanks between them, [ ... ] is one. Ends them with NULs. */
static size_t split(char *line, char *words[WORDS_MAX])
{
	size_t count = 0;

	for (;;) {
		line += strspn(line, " \t\r");
		if (!*line || *line == '#' || count == WORDS_MAX)
			return count;
		char *end = *line == '[' ? strchr(line, ']') : NULL;
		if (end)
			end++;
		else
			end = line + strcspn(line, " \t\r");
		words[count++] = line;
		bool more = *end != '\0';
		*end = '\0';
		line = end + more;
	}
}

static void set_all(int action[RESULT_COUNT], int success, int expired, int ignored, int other)
{
	action[RESULT_SUCCESS] = success;
	action[RESULT_NEW_AUTHTOK] = expired;
	action[RESULT_IGNORE] = ignored;
	action[RESULT_REFUSED] = other;
}

static int action_of(const char *word)
{
	static const struct {
		const char *word;
		int action;
	} known[] = {{"ignore", ACTION_IGNORE}, {"ok", ACTION_OK},   {"done", ACTION_DONE},
		     {"bad", ACTION_BAD},       {"die", ACTION_DIE}, {"reset", ACTION_RESET}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(word, known[i].word) == 0)
			return known[i].action;
	int jump = atoi(word);
	return jump > 0 ? jump : ACTION_BAD;
}

/* The word that stands for a refusal in a stack of this type. */
static const char *refusal_word(enum pam_type type)
{
	static const char *const words[] = {"auth_err", "perm_denied", "authtok_err",
					    "session_err"};

	return words[type];
}

/* [value=action ...]: what is not named is the default; without one it is bad. */
static void read_brackets(char *control, enum pam_type type, int action[RESULT_COUNT])
{
	bool named[RESULT_COUNT] = {false};
	char *rest = NULL;
	int other = ACTION_BAD;
	const char *const words[RESULT_COUNT] = {
	    [RESULT_SUCCESS] = "success",
	    [RESULT_IGNORE] = "ignore",
	    [RESULT_NEW_AUTHTOK] = "new_authtok_reqd",
	    [RESULT_REFUSED] = refusal_word(type),
	};

	for (char *pair = strtok_r(control, "[] \t", &rest); pair;
	     pair = strtok_r(NULL, "[] \t", &rest)) {
		char *value = strchr(pair, '=');
		if (!value)
			continue;
		*value++ = '\0';
		if (strcasecmp(pair, "default") == 0)
			other = action_of(value);
		for (int i = 0; i < RESULT_COUNT; i++) {
			if (strcasecmp(pair, words[i]) != 0)
				continue;
			action[i] = action_of(value);
			named[i] = true;
		}
	}
	for (int i = 0; i < RESULT_COUNT; i++)
		if (!named[i])
			action[i] = other;
}

static void read_control(char *control, enum pam_type type, int action[RESULT_COUNT])
{
	if (control[0] == '[')
		read_brackets(control, type, action);
	else if (strcasecmp(control, "required") == 0)
		set_all(action, ACTION_OK, ACTION_OK, ACTION_IGNORE, ACTION_BAD);
	else if (strcasecmp(control, "requisite") == 0)
		set_all(action, ACTION_OK, ACTION_OK, ACTION_IGNORE, ACTION_DIE);
	else if (strcasecmp(control, "sufficient") == 0)
		set_all(action, ACTION_DONE, ACTION_DONE, ACTION_IGNORE, ACTION_IGNORE);
	else if (strcasecmp(control, "optional") == 0)
		set_all(action, ACTION_OK, ACTION_OK, ACTION_IGNORE, ACTION_IGNORE);
	else
		set_all(action, ACTION_BAD, ACTION_BAD, ACTION_BAD, ACTION_BAD);
}

/* pam_kling out of /lib/security/pam_kling.so, in place. */
static const char *module_name(char *path)
{
	char *slash = strrchr(path, '/');
	char *name = slash ? slash + 1 : path;
	size_t length = strlen(name);

	if (length > 3 && strcmp(name + length - 3, ".so") == 0)
		name[length - 3] = '\0';
	return name;
}

/* Where reading is: which file, how deep, and what is wanted of it. */
struct place {
	struct pam_stack *stack;
	const char *directories; /* the first that has a file counts; colons between them */
	const char *file;
	unsigned line;
	unsigned depth;
	unsigned level;
};

static enum status read_file(struct place place, const char *name);

static enum status add_rule(const struct place *place, char *words[], size_t count, char *owned)
{
	struct pam_stack *stack = place->stack;
	struct pam_rule *more = reallocarray(stack->rules, stack->count + 1, sizeof(*stack->rules));

	if (!more) {
		free(owned);
		return ST_NOMEM;
	}
	stack->rules = more;
	struct pam_rule *rule = &more[stack->count++];
	*rule = (struct pam_rule){.level = place->level,
				  .module = module_name(words[2]),
				  .file = place->file,
				  .line = place->line,
				  .words = owned};
	if (words[1][0] != '[')
		snprintf(rule->control, sizeof(rule->control), "%s", words[1]);
	read_control(words[1], stack->type, rule->action);
	for (size_t i = 3; i < count && rule->argument_count < PAM_ARGUMENTS_MAX; i++)
		rule->arguments[rule->argument_count++] = words[i];
	return ST_OK;
}

static enum status read_words(struct place place, char *words[], size_t count, char *owned)
{
	const char *type = words[0] + (words[0][0] == '-');
	enum status s = ST_OK;

	if (count >= 2 && strcmp(words[0], "@include") == 0)
		s = read_file(place, words[1]);
	else if (count >= 3 && strcasecmp(type, type_names[place.stack->type]) == 0) {
		bool substack = strcasecmp(words[1], "substack") == 0;
		if (!substack && strcasecmp(words[1], "include") != 0)
			return add_rule(&place, words, count, owned);
		place.level += substack;
		s = read_file(place, words[2]);
	}
	free(owned);
	return s;
}

/* A line that ends in a backslash goes on in the next. */
static bool join(char *line)
{
	size_t length = strcspn(line, "\n");
	bool more = length > 0 && line[length - 1] == '\\';

	line[more ? length - 1 : length] = more ? ' ' : '\0';
	if (more)
		line[length] = '\0';
	return more;
}

static char *read_logical_line(FILE *file, unsigned *number)
{
	char *whole = NULL;
	AUTO_TEXT line = NULL;
	size_t size = 0, length = 0;
	bool more = true;

	while (more && getline(&line, &size, file) >= 0) {
		++*number;
		more = join(line);
		char *longer = realloc(whole, length + strlen(line) + 1);
		if (!longer)
			break;
		whole = longer;
		memcpy(whole + length, line, strlen(line) + 1);
		length += strlen(line);
	}
	return whole;
}

static const char *keep_name(struct pam_stack *stack, const char *path)
{
	char **more = reallocarray(stack->files, stack->file_count + 1, sizeof(*stack->files));

	if (!more)
		return NULL;
	stack->files = more;
	more[stack->file_count] = strdup(path);
	return more[stack->file_count] ? more[stack->file_count++] : NULL;
}

static enum status read_lines(struct place place, FILE *file)
{
	enum status s = ST_OK;
	unsigned number = 0;
	char *line;

	while (s == ST_OK && (line = read_logical_line(file, &number))) {
		char *words[WORDS_MAX];
		size_t count = split(line, words);
		place.line = number;
		if (count == 0)
			free(line);
		else
			s = read_words(place, words, count, line);
	}
	return s;
}

/* The file as PAM finds it; `path` is the last that was tried. */
static FILE *open_first(const char *directories, const char *name, char path[NAME_BYTES])
{
	FILE *file = NULL;

	if (name[0] == '/') {
		snprintf(path, NAME_BYTES, "%s", name);
		return fopen(path, "re");
	}
	for (const char *next = directories; *next && !file;) {
		int length = (int)strcspn(next, ":");
		snprintf(path, NAME_BYTES, "%.*s/%s", length, next, name);
		file = fopen(path, "re");
		next += length + (next[length] == ':');
	}
	return file;
}

static enum status read_file(struct place place, const char *name)
{
	char path[NAME_BYTES];

	if (place.depth >= DEPTH_MAX)
		return ST_SYNTAX;
	AUTO_FILE file = open_first(place.directories, name, path);
	if (!file) {
		if (place.depth > 0 && !place.stack->missing) {
			place.stack->missing = strdup(name);
			place.stack->missing_in = place.file;
			place.stack->missing_at = place.line;
		}
		return place.depth > 0 ? ST_OK : ST_MISSING;
	}
	place.file = keep_name(place.stack, path);
	if (!place.file)
		return ST_NOMEM;
	place.depth++;
	return read_lines(place, file);
}

enum status pam_stack_read(const char *directories, const char *service, enum pam_type type,
			   struct pam_stack *stack)
{
	*stack = (struct pam_stack){.type = type};
	return read_file((struct place){.stack = stack, .directories = directories}, service);
}
