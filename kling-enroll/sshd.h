/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_SSHD_H
#define KLING_ENROLL_SSHD_H

#include <stdbool.h>
#include <stddef.h>

#define SSHD_CONFIG "/etc/ssh/sshd_config"

enum { SSHD_PATH_BYTES = 512, SSHD_METHODS_BYTES = 512, SSHD_USER_BYTES = 64 };

/* What sshd -T says, as far as it matters here. */
struct sshd {
	bool use_pam;
	bool keyboard;
	bool password;
	bool public_key;
	bool use_dns;
	char methods[SSHD_METHODS_BYTES]; /* AuthenticationMethods, "any" when it is not set */
};

/* Whether there is an sshd that can be asked, and PAM knows it. */
bool sshd_is_here(void);

/*
 * Asks sshd itself: of connections as `spec` has them (sshd -C), or, for NULL, of those that no
 * Match block is about. False when it does not answer.
 */
bool sshd_ask(const char *spec, struct sshd *sshd);

/* Whether a public key alone is enough; whether PAM can ask at all; whether every list of methods
 * in which it asks begins with a key. */
bool sshd_takes_key_alone(const struct sshd *sshd);
bool sshd_can_ask(const struct sshd *sshd);
bool sshd_wants_key(const struct sshd *sshd);

/* Whether some list of methods that lets in has the word in it. */
bool sshd_has_method(const struct sshd *sshd, const char *word);

/* A line of its configuration. */
struct sshd_line {
	char file[SSHD_PATH_BYTES];
	unsigned line; /* 0: the file as a whole */
};

/* Where a keyword is set outside every Match block: the first line counts. Else sshd_config. */
void sshd_find(const char *keyword, struct sshd_line *where);

/* A Match block, and a connection that it is about. */
struct sshd_match {
	struct sshd_line at;
	char criteria[256];
	char user[SSHD_USER_BYTES]; /* "" unless it is about users or groups */
	char spec[1024];            /* for sshd_ask; "" when none could be thought of */
};

/* Each Match block, in the order in which sshd reads them. */
void sshd_each_match(void (*each)(void *context, const struct sshd_match *match), void *context);

/* Where a keyword is set inside that block, else where it begins. */
void sshd_find_in(const struct sshd_match *match, const char *keyword, struct sshd_line *where);

#endif
