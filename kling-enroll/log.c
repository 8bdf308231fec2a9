/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/log.h"

#include "lib/base/cleanup.h"
#include "lib/base/number.h"
#include "lib/base/people.h"
#include "lib/base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

enum { LINE_BYTES = 2048, WHO_BYTES = 512 };

/* The uid that logged in, whatever it became since; false when nobody did (cron, boot). */
static bool read_login_uid(uid_t *uid)
{
	char digits[16] = "";
	uint64_t number = 0;
	AUTO_FD fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, digits, sizeof(digits) - 1) <= 0)
		return false;
	digits[strcspn(digits, "\n")] = '\0';
	if (number_parse(digits, 0, UINT32_MAX - 1, &number) != ST_OK)
		return false;
	*uid = (uid_t)number;
	return true;
}

/* Nobody logged in, or it is not known: who runs this. */
static void add_uid(struct text *text)
{
	text_add(text, "uid ");
	text_add_number(text, getuid());
}

static void add_login_name(struct text *text)
{
	AUTO_PERSON person = {0};
	uid_t uid;

	if (!read_login_uid(&uid))
		add_uid(text);
	else if (person_find_uid(uid, &person) == ST_OK)
		text_add(text, person.name);
	else
		text_add_number(text, uid);
}

/* SUDO_USER is what sudo says; whoever is root already may say otherwise. */
static void add_who(struct text *text)
{
	const char *sudo_user = getenv("SUDO_USER");

	add_login_name(text);
	text_add(text, "/");
	if (sudo_user && sudo_user[0])
		text_add(text, sudo_user);
	else
		add_uid(text);
}

static void add_field(struct text *line, const char *name, const char *value)
{
	text_add(line, name);
	text_add_quoted(line, value);
}

void log_act(const struct act *act)
{
	char line_bytes[LINE_BYTES] = "", who_bytes[WHO_BYTES] = "";
	struct text line = TEXT_IN(line_bytes), who = TEXT_IN(who_bytes);

	add_who(&who);
	text_add(&line, "event=");
	text_add(&line, act->event);
	text_add(&line, " reason=");
	text_add(&line, act->reason);
	if (act->user)
		add_field(&line, " user=", act->user);
	if (act->user && act->uid != NO_UID) {
		text_add(&line, " uid=");
		text_add_number(&line, act->uid);
	}
	if (act->token)
		add_field(&line, " token=", act->token);
	if (act->set) {
		text_add(&line, " set=");
		text_add_number(&line, act->set);
	}
	add_field(&line, " by=", who_bytes);
	openlog("kling-enroll", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_NOTICE, "%s", line_bytes);
}
