/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/ask.h"

#include "kling-enroll/text.h"

#include <unistd.h>

void asking_begin(struct asking *asking)
{
	struct display display = display_of(STDERR_FILENO);

	*asking = (struct asking){.terminal = TERMINAL_CLOSED, .input = INPUT_FROM(STDIN_FILENO)};
	asking->at_terminal =
	    display.is_terminal && isatty(STDIN_FILENO) &&
	    terminal_open(&asking->terminal, STDIN_FILENO, &display, true) == ST_OK;
}

void asking_end(struct asking *asking)
{
	terminal_close(&asking->terminal);
	input_close(&asking->input);
}

enum exit_code asking_answer(struct tool *tool, struct asking *asking, const char *prompt,
			     bool echo, struct secret *answer)
{
	if (asking->at_terminal) {
		enum answer_kind kind = terminal_ask(&asking->terminal, prompt, echo, answer);
		tool->caught = asking->terminal.caught;
		if (kind == ANSWER_TYPED && answer->length)
			return EXIT_DONE;
		terminal_close(&asking->terminal);
		return fail(tool, EXIT_NO, "%s", tool->caught ? TEXT_INTERRUPTED : TEXT_NO_ANSWER);
	}
	if (input_line(&asking->input, answer) == ST_OK && answer->length)
		return EXIT_DONE;
	return fail(tool, EXIT_NO, TEXT_NO_ANSWER);
}
