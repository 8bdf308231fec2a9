/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/screens.h"

#include <stdio.h>
#include <string.h>

enum { USER_MOST = 32, HOST_MOST = 63 };

/* How large the picture would be with other names; 0 when it cannot be told. */
static size_t size_with(const struct issue *issue, const char *issuer, const char *label)
{
	AUTO_OUT uri = OUT_EMPTY;
	AUTO_QR qr = QR_EMPTY;
	struct otpauth otpauth = issue->otpauth;

	if (issuer)
		snprintf(otpauth.issuer, sizeof(otpauth.issuer), "%s", issuer);
	if (label)
		snprintf(otpauth.token.label, sizeof(otpauth.token.label), "%s", label);
	uri_add(&uri, &otpauth);
	wipe(&otpauth, sizeof(otpauth));
	return qr_make(out_string(&uri), &qr) == ST_OK ? qr.size : 0;
}

static void add_options(char *out, size_t size, const char *issuer, const char *label)
{
	snprintf(out, size, "%s%s%s%s%s", issuer ? "--issuer " : "", issuer ? issuer : "",
		 issuer && label ? " " : "", label ? "--label " : "", label ? label : "");
}

void shorter_find(struct shorter shorter[SHORTER_MAX], const struct issue *issue,
		  const struct options *options, const char *host)
{
	char cut[HOST_MOST + 1], label[USER_MOST + HOST_MOST + 2];
	const char *issuer = options->issuer ? NULL : cut;

	snprintf(cut, sizeof(cut), "%.*s", (int)strcspn(host, "."), host);
	snprintf(label, sizeof(label), "%.32s@%.63s", issue->who.name, cut);
	if (issuer) {
		add_options(shorter[0].options, sizeof(shorter[0].options), issuer, NULL);
		shorter[0].size = size_with(issue, issuer, NULL);
	}
	if (!options->label) {
		add_options(shorter[1].options, sizeof(shorter[1].options), issuer, label);
		shorter[1].size = size_with(issue, issuer, label);
	}
}
