/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "pam_kling/audit.h"

#ifdef HAVE_AUDIT

#include "lib/base/cleanup.h"

#include <libaudit.h>
#include <stdio.h>

static void record(int audit, const struct request *request, int type)
{
	char message[64];
	(void)snprintf(message, sizeof(message), "op=pam_kling suid=%lu",
		       (unsigned long)request->who.uid);
	char address[46];
	/* Numeric or nothing: libaudit looks a host name up by itself. */
	address_format(&request->origin.address, address);
	/* Whether it was written changes no decision. */
	int sent = audit_log_user_message(audit, type, message, NULL, address, NULL, 1);
	(void)sent;
}

void audit_judgement(const struct request *request, const struct judgement *judgement)
{
	bool locked = judgement->event != CHARGE_COUNTED;
	if (!request->who.exists || (!locked && !judgement->reopened))
		return;
	AUTO_FD audit = audit_open();
	if (audit < 0)
		return;
	if (judgement->reopened)
		record(audit, request, AUDIT_RESP_ACCT_UNLOCK_TIMED);
	if (locked) {
		record(audit, request, AUDIT_ANOM_LOGIN_FAILURES);
		record(audit, request, AUDIT_RESP_ACCT_LOCK);
	}
}

#else

void audit_judgement(const struct request *request, const struct judgement *judgement)
{
	(void)request;
	(void)judgement;
}

#endif
