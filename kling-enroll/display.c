/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/terminal.h"

#include <langinfo.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_USUAL = 80, ROWS_USUAL = 24 };

static bool has_value(const char *name)
{
	const char *value = getenv(name);

	return value && value[0];
}

static bool understands_controls(void)
{
	const char *term = getenv("TERM");

	return term && term[0] && strcmp(term, "dumb") != 0 && strcmp(term, "unknown") != 0;
}

/* COLORFGBG is "15;0" or "0;default;15": the last number is the ground; 7 and above 8 are light. */
static enum qr_ground ground_of(const char *colours)
{
	const char *last = colours ? strrchr(colours, ';') : NULL;
	long number = last && last[1] ? strtol(last + 1, NULL, 10) : 0;

	return number == 7 || number > 8 ? QR_LIGHT : QR_DARK;
}

void display_measure(struct display *display)
{
	struct winsize size = {0};

	if (!display->is_terminal)
		return;
	(void)ioctl(display->fd, TIOCGWINSZ, &size);
	display->columns = size.ws_col ? size.ws_col : COLUMNS_USUAL;
	display->rows = size.ws_row ? size.ws_row : ROWS_USUAL;
}

struct display display_of(int fd)
{
	struct display display = {.fd = fd, .columns = SIZE_MAX, .rows = SIZE_MAX};

	display.is_terminal = isatty(fd) != 0;
	display.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	display.ground = ground_of(getenv("COLORFGBG"));
	if (!display.is_terminal)
		return display;
	display_measure(&display);
	display.controls = understands_controls();
	display.colours = display.controls && !has_value("NO_COLOR");
	return display;
}

/* Light letters on a dark ground, made certain where colours may be used. */
static const char *certain_colours(void)
{
	const char *term = getenv("TERM");

	return term && strstr(term, "256color") ? "\033[38;5;231;48;5;16m" : "\033[1;37;40m";
}

static bool look_fits(const struct display *display, const struct qr *qr, enum qr_style style,
		      size_t spare)
{
	size_t columns, rows;

	qr_text_size(qr, style, &columns, &rows);
	return columns <= display->columns && rows <= display->rows &&
	       spare <= display->rows - rows;
}

static enum qr_style best_style(const struct display *display, const struct qr *qr, size_t spare)
{
	if (display->utf8 && (display->controls || !display->is_terminal))
		return QR_UTF8;
	if (display->colours && look_fits(display, qr, QR_ANSI, spare))
		return QR_ANSI;
	return QR_ASCII;
}

struct qr_look display_look(const struct display *display, const struct qr *qr,
			    enum qr_style wanted, size_t spare, bool *fits)
{
	struct qr_look look = {.style = wanted, .ground = display->ground};

	if (look.style == QR_NONE)
		look.style = best_style(display, qr, spare);
	if (look.style == QR_UTF8 && display->colours) {
		look.ground = QR_DARK;
		look.colours = certain_colours();
	}
	*fits = look_fits(display, qr, look.style, spare);
	return look;
}
