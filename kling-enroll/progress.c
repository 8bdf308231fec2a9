/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/progress.h"

#include "kling-enroll/terminal.h"
#include "kling-enroll/text.h"
#include "kling-enroll/when.h"

#include <time.h>
#include <unistd.h>

enum { BAR = 30, EVERY_MS = 100, LINE_LEAST = 40 };

static int64_t milliseconds(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, size_t total)
{
	struct display display = display_of(STDERR_FILENO);

	*progress = (struct progress){
	    .shown = display.is_terminal && display.controls && display.columns >= LINE_LEAST,
	    .total = total,
	    .columns = display.columns,
	    .begun = milliseconds(),
	};
}

static void add_bar(struct out *out, size_t done, size_t total)
{
	size_t full = total ? done * BAR / total : 0;

	out_text(out, "[");
	out_repeat(out, "#", full);
	out_repeat(out, ".", BAR - full);
	out_text(out, "] ");
}

static void draw(const struct progress *progress, size_t done, int64_t elapsed)
{
	AUTO_OUT out = OUT_EMPTY;
	char left[WHEN_TEXT];
	double rate = elapsed > 0 ? (double)done * 1000 / (double)elapsed : 0;

	out_text(&out, "\r\033[K");
	if (progress->total && progress->columns >= LINE_LEAST + BAR)
		add_bar(&out, done, progress->total);
	out_format(&out, "%zu", done);
	if (progress->total)
		out_format(&out, "/%zu", progress->total);
	out_format(&out, TEXT_PROGRESS_RATE, rate);
	if (progress->total && rate > 0) {
		when_span((int64_t)((double)(progress->total - done) / rate), left);
		out_format(&out, TEXT_PROGRESS_LEFT, left);
	}
	(void)!out_flush(&out, STDERR_FILENO);
}

void progress_step(struct progress *progress, size_t done)
{
	int64_t now = progress->shown ? milliseconds() : 0;

	if (!progress->shown || now - progress->drawn < EVERY_MS)
		return;
	progress->drawn = now;
	draw(progress, done, now - progress->begun);
}

void progress_end(struct progress *progress)
{
	AUTO_OUT out = OUT_EMPTY;

	if (!progress->shown)
		return;
	out_text(&out, "\r\033[K");
	(void)!out_flush(&out, STDERR_FILENO);
	progress->shown = false;
}
