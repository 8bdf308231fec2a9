/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_ASK_H
#define KLING_ENROLL_ASK_H

#include "kling-enroll/input.h"
#include "kling-enroll/terminal.h"
#include "kling-enroll/tool.h"

/*
 * Questions on standard error when somebody is at the terminal, else lines of standard input
 * without a question.
 */
struct asking {
	struct terminal terminal;
	struct input input;
	bool at_terminal;
};

#define AUTO_ASKING AT_SCOPE_END(asking_end) struct asking
void asking_begin(struct asking *asking);
void asking_end(struct asking *asking);

/* The answer, not empty. EXIT_NO when nobody answers (tool->caught may say why). */
enum exit_code asking_answer(struct tool *tool, struct asking *asking, const char *prompt,
			     bool echo, struct secret *answer) MUST_USE;

#endif
