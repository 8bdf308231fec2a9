/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_DELIVER_H
#define KLING_ENROLL_DELIVER_H

#include "kling-enroll/issue.h"
#include "kling-enroll/output_file.h"
#include "kling-enroll/screens.h"
#include "kling-enroll/terminal.h"
#include "lib/show/qr.h"

/*
 * Where what is issued goes: a conversation at the terminal, JSON, files, or paper. Secrets go
 * nowhere else. Files are written before anything is stored and get their names after.
 */
struct delivery {
	struct display display; /* where people look */
	bool meets;             /* somebody answers at a terminal */
	bool confirms;          /* and proves the phone */
	bool plain;
	bool json;
	bool paper; /* standard output gets the plain text */
	struct qr qr;
	struct shorter shorter[SHORTER_MAX]; /* what would make a smaller one */
	struct output_file sheet;
	struct output_file picture;
};

#define AUTO_DELIVERY AT_SCOPE_END(delivery_clear) struct delivery
#define DELIVERY_NONE                                                                              \
	((struct delivery){                                                                        \
	    .qr = QR_EMPTY, .sheet = OUTPUT_FILE_CLOSED, .picture = OUTPUT_FILE_CLOSED})

void delivery_clear(struct delivery *delivery);

/*
 * By the options and by what the standard descriptors are. `token`: a token is issued (add), not
 * only codes. Says why there is no way: EXIT_USAGE, or EXIT_TROUBLE for an output that cannot be.
 */
enum exit_code delivery_choose(struct delivery *delivery, struct tool *tool, bool token) MUST_USE;

/* No backup codes are made where there is no place for them; says so. */
void delivery_limit(const struct delivery *delivery, const struct tool *tool, struct issue *issue);

/* The picture, and a place for each file. */
enum exit_code delivery_prepare(struct delivery *delivery, const struct tool *tool,
				const struct issue *issue) MUST_USE;

/* What the conversation shows for the phone. */
struct scan delivery_scan(const struct delivery *delivery, const struct tool *tool,
			  const struct issue *issue);

/* Makes the codes, writes the files, stores, and gives the files their names. */
enum exit_code delivery_store(struct delivery *delivery, struct tool *tool,
			      struct issue *issue) MUST_USE;

/* Hands out what was stored; takes it back when it does not arrive. */
enum exit_code delivery_show(struct delivery *delivery, struct tool *tool,
			     struct issue *issue) MUST_USE;

/* Takes back what was stored, files and all; says so, and always ends with EXIT_TROUBLE. */
enum exit_code delivery_take_back(struct delivery *delivery, struct tool *tool,
				  const struct issue *issue);

/* The JSON object of what was issued. */
void delivery_json(struct out *out, const struct issue *issue);

#endif
