/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_TERMINAL_H
#define KLING_ENROLL_TERMINAL_H

#include "lib/show/out.h"
#include "lib/show/qr_text.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* What can be shown where an output goes. */
struct display {
	int fd;
	bool is_terminal;
	bool controls; /* understands escape sequences */
	bool colours;  /* and NO_COLOR is not set */
	bool utf8;
	enum qr_ground ground;
	size_t columns;
	size_t rows;
};

/* Looks at a descriptor, TERM, NO_COLOR, COLORFGBG and the locale. What is no terminal is endless
 * paper. */
struct display display_of(int fd);

/* Its size now; somebody may have pulled at the window. */
void display_measure(struct display *display);

/*
 * The drawing that suits it best: half blocks, else colours, else ASCII, the first that fits; or
 * the one that was `wanted` (QR_NONE: none was). *fits says whether it does, with `spare` rows
 * left for other things.
 */
struct qr_look display_look(const struct display *display, const struct qr *qr,
			    enum qr_style wanted, size_t spare, bool *fits);

/* Puts a page together, each time it is drawn, for the display as it is then. */
struct painter {
	void (*paint)(struct out *page, const struct display *display, const void *context);
	const void *context; /* lives as long as the terminal is open */
};

/*
 * A conversation on a terminal: pages on the alternate screen, and answers typed without the
 * terminal's own echo. While it is open, signals wait; one that arrives at a question ends the
 * question and is left in `caught`: who closes the terminal then raises it again (signal_pass_on).
 * After a stop, and when the window changes its size, the page is drawn anew.
 */
struct terminal {
	struct display display;
	int in;
	bool plain;  /* no alternate screen: everything stays, for recordings that are wanted */
	int signals; /* signalfd, -1 when closed */
	int caught;  /* the signal that ended a question; 0: none */
	bool asks;   /* the cursor stands behind a prompt */
	sigset_t mask_before;
	struct termios modes_before;
	struct painter painter; /* of the page that is shown now */
};

#define AUTO_TERMINAL   AT_SCOPE_END(terminal_close) struct terminal
#define TERMINAL_CLOSED ((struct terminal){.signals = -1})

/*
 * Begins. `in` must be a terminal and so must what `display` writes to: else ST_MISSING. ST_IO
 * when the terminal cannot be set.
 */
enum status terminal_open(struct terminal *terminal, int in, const struct display *display,
			  bool plain) MUST_USE;

/* Measures the screen, clears it and shows a page; the same page again. */
enum status terminal_show(struct terminal *terminal, const struct painter *painter) MUST_USE;
enum status terminal_redraw(struct terminal *terminal) MUST_USE;

enum answer_kind {
	ANSWER_GONE = 0, /* end of input, hang-up, or a signal: terminal->caught */
	ANSWER_TYPED,
};

/*
 * Asks on the line where the cursor is, or, below a page, on the last lines of the screen, writing
 * over what is there. `echo` shows what is typed. A line that is longer than what is sensible is
 * cut.
 */
enum answer_kind terminal_ask(struct terminal *terminal, const char *prompt, bool echo,
			      struct secret *answer);

/* Wipes screen and scroll-back and restores everything. Safe on one that is closed. */
void terminal_close(struct terminal *terminal);

/* Ends the process as the caught signal would have; returns only when there was none. */
void signal_pass_on(int caught);

#endif
