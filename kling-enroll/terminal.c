/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/terminal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	ANSWER_MAX = 200,
	ROOM_TO_TYPE = 10,
	SEQUENCE_MS = 50,
	KEY_END = 4,
	KEY_BACKSPACE = 8,
	KEY_ESCAPE = 27,
	KEY_KILL = 21,
	KEY_DELETE = 127,
};

/* Every signal that would end or stop the process, but for faults and those that nothing holds. */
static const int awaited_signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGUSR1,
				      SIGUSR2, SIGALRM, SIGPROF, SIGVTALRM, SIGXCPU,
				      SIGIO,   SIGTSTP, SIGWINCH};

static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static enum status hold_signals(struct terminal *terminal)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(awaited_signals) / sizeof(awaited_signals[0]); i++)
		if (!is_ignored(awaited_signals[i]))
			sigaddset(&set, awaited_signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, &terminal->mask_before) != 0)
		return ST_IO;
	terminal->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (terminal->signals >= 0)
		return ST_OK;
	(void)sigprocmask(SIG_SETMASK, &terminal->mask_before, NULL);
	return ST_IO;
}

/* No echo and no lines of the terminal's own; ^C and ^Z still make signals. */
static enum status quiet(const struct terminal *terminal)
{
	struct termios modes = terminal->modes_before;

	modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL);
	modes.c_lflag |= ISIG;
	modes.c_iflag |= ICRNL;
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	return tcsetattr(terminal->in, TCSAFLUSH, &modes) == 0 ? ST_OK : ST_IO;
}

static void say(const struct terminal *terminal, const char *text)
{
	(void)!write_whole(terminal->display.fd, text, strlen(text));
}

static bool has_screen(const struct terminal *terminal)
{
	return terminal->display.controls && !terminal->plain;
}

static void enter_screen(const struct terminal *terminal)
{
	if (has_screen(terminal))
		say(terminal, "\033[?1049h\033[H\033[2J");
}

/* Erased before it is left, for terminals that have one screen only; then what scrolled away. */
static void leave_screen(const struct terminal *terminal)
{
	if (has_screen(terminal))
		say(terminal, "\033[0m\033[H\033[2J\033[3J\033[?1049l\033[3J");
}

enum status terminal_open(struct terminal *terminal, int in, const struct display *display,
			  bool plain)
{
	*terminal = TERMINAL_CLOSED;
	terminal->display = *display;
	terminal->plain = plain;
	terminal->in = in;
	if (!display->is_terminal || tcgetattr(in, &terminal->modes_before) != 0)
		return ST_MISSING;
	enum status s = hold_signals(terminal);
	if (s != ST_OK)
		return s;
	s = quiet(terminal);
	enter_screen(terminal);
	return s;
}

enum status terminal_redraw(struct terminal *terminal)
{
	AUTO_OUT page = OUT_EMPTY;

	if (!terminal->painter.paint)
		return ST_OK;
	display_measure(&terminal->display);
	if (has_screen(terminal))
		out_text(&page, "\033[0m\033[H\033[2J");
	terminal->painter.paint(&page, &terminal->display, terminal->painter.context);
	return out_flush(&page, terminal->display.fd);
}

enum status terminal_show(struct terminal *terminal, const struct painter *painter)
{
	terminal->painter = *painter;
	return terminal_redraw(terminal);
}

/* ^Z: the shell gets a terminal as it was; whoever comes back finds the page again. */
static void stop_for_a_while(struct terminal *terminal)
{
	leave_screen(terminal);
	(void)tcsetattr(terminal->in, TCSADRAIN, &terminal->modes_before);
	(void)raise(SIGSTOP);
	(void)quiet(terminal);
	enter_screen(terminal);
	(void)!terminal_redraw(terminal);
}

/* Lines that are on paper already cannot be drawn anew. */
static bool follow_size(struct terminal *terminal)
{
	if (!has_screen(terminal)) {
		display_measure(&terminal->display);
		return false;
	}
	(void)!terminal_redraw(terminal);
	return true;
}

/* Takes a waiting signal; true when it ends the question. */
static bool signal_ends(struct terminal *terminal, bool *redraw)
{
	struct signalfd_siginfo info;

	*redraw = false;
	if (read(terminal->signals, &info, sizeof(info)) != sizeof(info))
		return false;
	if (info.ssi_signo == SIGTSTP) {
		stop_for_a_while(terminal);
		*redraw = true;
		return false;
	}
	if (info.ssi_signo == SIGWINCH) {
		*redraw = follow_size(terminal);
		return false;
	}
	terminal->caught = (int)info.ssi_signo;
	return true;
}

/* The prompt and what was typed; a prompt that is wider than the screen begins further up. */
static void prompt_line(const struct terminal *terminal, const char *prompt,
			const struct secret *answer, bool echo)
{
	AUTO_OUT line = OUT_EMPTY;
	size_t columns = terminal->display.columns, rows = terminal->display.rows;
	size_t over = (strlen(prompt) + ROOM_TO_TYPE) / columns;

	over = over < rows ? over : rows - 1;
	for (size_t up = 0; has_screen(terminal) && up <= over; up++)
		out_format(&line, "\033[%zu;1H\033[2K", rows - up);
	out_text(&line, prompt);
	if (echo)
		out_bytes(&line, answer->bytes, answer->length);
	(void)!out_flush(&line, terminal->display.fd);
}

enum { BYTE_GONE = -1, BYTE_AGAIN = -2 };

/* The next byte, BYTE_GONE, or BYTE_AGAIN when the question is to be put once more. */
static int next_byte(struct terminal *terminal)
{
	struct pollfd waiting[2] = {{terminal->in, POLLIN, 0}, {terminal->signals, POLLIN, 0}};
	unsigned char byte;
	bool redraw;

	for (;;) {
		if (poll(waiting, 2, -1) < 0 && errno != EINTR)
			return BYTE_GONE;
		if (waiting[1].revents) {
			if (signal_ends(terminal, &redraw))
				return BYTE_GONE;
			if (redraw)
				return BYTE_AGAIN;
		} else if (waiting[0].revents) {
			return read(terminal->in, &byte, 1) == 1 ? byte : BYTE_GONE;
		}
	}
}

static void rub_out(const struct terminal *terminal, struct secret *answer, size_t count, bool echo)
{
	for (; count > 0 && answer->length > 0; count--) {
		answer->bytes[--answer->length] = 0;
		if (echo)
			say(terminal, "\b \b");
	}
}

/* One of the keys that edit; true when it was. */
static bool edits(const struct terminal *terminal, int byte, struct secret *answer, bool echo)
{
	if (byte == KEY_BACKSPACE || byte == KEY_DELETE)
		rub_out(terminal, answer, 1, echo);
	else if (byte == KEY_KILL)
		rub_out(terminal, answer, answer->length, echo);
	else
		return byte < ' ';
	return true;
}

/* An arrow key and its like: ESC [ ... up to a letter; or the key alone. What next_byte said. */
static int skip_sequence(struct terminal *terminal)
{
	struct pollfd waiting = {terminal->in, POLLIN, 0};

	if (poll(&waiting, 1, SEQUENCE_MS) == 0)
		return KEY_ESCAPE;
	int byte = next_byte(terminal);
	if (byte != '[' && byte != 'O')
		return byte < 0 ? byte : KEY_ESCAPE;
	do
		byte = next_byte(terminal);
	while (byte >= ' ' && byte < '@');
	return byte < 0 ? byte : KEY_ESCAPE;
}

static void take(const struct terminal *terminal, int byte, struct secret *answer, bool echo)
{
	char text[2] = {(char)byte, '\0'};

	if (answer->length >= ANSWER_MAX || secret_append(answer, text, 1) != ST_OK)
		return;
	if (echo)
		say(terminal, text);
	wipe(text, sizeof(text));
}

enum answer_kind terminal_ask(struct terminal *terminal, const char *prompt, bool echo,
			      struct secret *answer)
{
	secret_clear(answer);
	if (secret_new(answer, ANSWER_MAX + 1) != ST_OK)
		return ANSWER_GONE;
	terminal->asks = true;
	prompt_line(terminal, prompt, answer, echo);
	for (;;) {
		int byte = next_byte(terminal);
		if (byte == KEY_ESCAPE)
			byte = skip_sequence(terminal);
		if (byte == BYTE_GONE || (byte == KEY_END && answer->length == 0))
			break;
		if (byte == '\n' || byte == '\r') {
			if (!has_screen(terminal))
				say(terminal, "\n");
			terminal->asks = false;
			return ANSWER_TYPED;
		}
		if (byte == BYTE_AGAIN) {
			prompt_line(terminal, prompt, answer, echo);
		} else if (!edits(terminal, byte, answer, echo)) {
			take(terminal, byte, answer, echo);
		}
	}
	return ANSWER_GONE;
}

void terminal_close(struct terminal *terminal)
{
	if (terminal->signals >= 0) {
		leave_screen(terminal);
		if (!has_screen(terminal) && terminal->asks)
			say(terminal, "\n");
		(void)tcsetattr(terminal->in, TCSAFLUSH, &terminal->modes_before);
		(void)close(terminal->signals);
		terminal->signals = -1;
		(void)sigprocmask(SIG_SETMASK, &terminal->mask_before, NULL);
	}
	terminal->painter = (struct painter){NULL, NULL};
}

void signal_pass_on(int caught)
{
	if (caught)
		(void)raise(caught);
}
