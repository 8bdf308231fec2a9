/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/options.h"

#include "kling-enroll/text.h"
#include "lib/base/number.h"

#include <string.h>

enum { NAME_MAX_BYTES = 24 };

/* The words not yet read. */
struct words {
	char *const *next;
	char *const *end;
	bool options_over; /* behind "--" */
};

static const char *take(struct words *words)
{
	return words->next < words->end ? *words->next++ : NULL;
}

static bool refuse(struct usage_problem *problem, const char *text, const char *word)
{
	*problem = (struct usage_problem){.text = text, .word = word};
	return false;
}

static bool refuse_value(struct usage_problem *problem, const struct option *option,
			 const char *value)
{
	*problem = (struct usage_problem){.option = option, .value = value};
	return false;
}

const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

static const struct option *find_in(const struct option *const *options, const char *name,
				    size_t length)
{
	for (; options && *options; options++)
		if (strlen((*options)->name) == length &&
		    strncmp((*options)->name, name, length) == 0)
			return *options;
	return NULL;
}

static const struct option *find_option(const struct command *command, const char *name,
					size_t length)
{
	const struct option *option = find_in(common_options, name, length);

	return option || !command ? option : find_in(command->options, name, length);
}

static const char *command_name_at(const void *context, size_t i)
{
	(void)context;
	return commands[i].name;
}

static const char *option_name_at(const void *context, size_t i)
{
	const struct option *const *options = context;

	return options[i]->name;
}

/* What other tools call it. */
static const char *synonym_of(const char *word)
{
	static const char *const pairs[][2] = {
	    {"enroll", "add"},     {"new", "add"},      {"create", "add"},  {"delete", "remove"},
	    {"del", "remove"},     {"rm", "remove"},    {"show", "status"}, {"users", "list"},
	    {"ls", "list"},        {"reset", "unlock"}, {"sync", "resync"}, {"doctor", "check"},
	    {"migrate", "import"}, {"-h", "help"},      {"-?", "help"},     {"-V", "version"},
	    {"-v", "version"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (strcmp(pairs[i][0], word) == 0)
			return pairs[i][1];
	return NULL;
}

static bool unknown_command(struct usage_problem *problem, const char *word)
{
	size_t count = 0;

	while (commands[count].name)
		count++;
	(void)refuse(problem, TEXT_UNKNOWN_COMMAND, word);
	problem->suggestion = synonym_of(word);
	if (!problem->suggestion)
		problem->suggestion = suggestion_for(word, command_name_at, NULL, count);
	return false;
}

static const char *suggest_option(const struct option *const *options, const char *name)
{
	size_t count = 0;

	while (options && options[count])
		count++;
	return suggestion_for(name, option_name_at, options, count);
}

static bool unknown_option(struct usage_problem *problem, const struct command *command,
			   const char *word)
{
	char name[NAME_MAX_BYTES + 1] = "";
	size_t length = strcspn(word + 2, "=");

	(void)refuse(problem, TEXT_UNKNOWN_OPTION, word);
	problem->suggestion = synonym_of(word);
	if (word[1] != '-' || length > NAME_MAX_BYTES)
		return false;
	memcpy(name, word + 2, length);
	problem->suggestion = suggest_option(command ? command->options : NULL, name);
	if (!problem->suggestion)
		problem->suggestion = suggest_option(common_options, name);
	return false;
}

static bool set_choice(const struct option *option, const char *value, int *place)
{
	for (const struct option_choice *choice = option->choices; choice->word; choice++) {
		if (strcmp(choice->word, value) == 0) {
			*place = choice->value;
			return true;
		}
	}
	return false;
}

static bool set_value(const struct option *option, const char *value, struct options *options)
{
	void *place = (char *)options + option->offset;

	switch (option->kind) {
	case OPTION_TEXT:
		*(const char **)place = value;
		return value[0] != '\0';
	case OPTION_NUMBER:
	case OPTION_SECONDS:
		return number_parse(value, option->low, option->high, place) == ST_OK;
	case OPTION_DURATION:
		return duration_parse(value, option->low, option->high, place) == ST_OK;
	case OPTION_CHOICE:
		return set_choice(option, value, place);
	case OPTION_FLAG:
	default:
		return false;
	}
}

static bool read_option(struct words *words, const char *word, struct request *request,
			struct usage_problem *problem)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const struct option *option = NULL;

	if (word[1] == '-')
		option = find_option(request->command, name, length);
	if (!option)
		return unknown_option(problem, request->command, word);
	if (option->kind == OPTION_FLAG) {
		*(bool *)((char *)&request->options + option->offset) = true;
		return name[length] == '\0' || refuse(problem, TEXT_NO_ARGUMENT, word);
	}
	const char *value = name[length] ? name + length + 1 : take(words);
	if (!value)
		return refuse_value(problem, option, NULL);
	return set_value(option, value, &request->options) || refuse_value(problem, option, value);
}

static bool read_operand(const char *word, struct request *request, struct usage_problem *problem)
{
	if (!request->command && !request->options.help && strcmp(word, "help") == 0) {
		request->options.help = true;
		return true;
	}
	if (!request->command) {
		request->command = command_find(word);
		return request->command || unknown_command(problem, word);
	}
	if (!word[0])
		return refuse(problem, TEXT_EMPTY_ARGUMENT, NULL);
	if (request->operand_count >= request->command->most)
		return refuse(problem,
			      request->command->more ? _(request->command->more) : TEXT_TOO_MANY,
			      NULL);
	request->operands[request->operand_count++] = word;
	return true;
}

bool request_parse(int argc, char *const *argv, const char **operands, struct request *request,
		   struct usage_problem *problem)
{
	struct words words = {argv, argv + argc, false};
	const char *word;

	*request = (struct request){.operands = operands};
	while ((word = take(&words))) {
		bool is_option = !words.options_over && word[0] == '-' && word[1] != '\0';
		if (is_option && strcmp(word, "--") == 0)
			words.options_over = true;
		else if (is_option ? !read_option(&words, word, request, problem)
				   : !read_operand(word, request, problem))
			return false;
	}
	if (request->options.help || request->options.version)
		return true;
	if (!request->command)
		return refuse(problem, TEXT_NO_COMMAND, NULL);
	return request->operand_count >= request->command->least ||
	       refuse(problem, TEXT_TOO_FEW, request->command->operands);
}
