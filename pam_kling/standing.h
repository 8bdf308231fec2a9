/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PAM_KLING_STANDING_H
#define PAM_KLING_STANDING_H

#include "pam_kling/request.h"
#include "policy/access.h"

/*
 * What is known of the user before anything was typed. `opened` is what store_open said: ST_OK or
 * ST_UNINITIALISED. Holds the user's lock for a moment at most, to read the grace.
 */
void standing_find(const struct request *request, struct store *store, enum status opened,
		   struct visitor *visitor);

/* The same without a store: enough where nothing of it can matter. */
void standing_without_store(const struct request *request, struct visitor *visitor);

#endif
