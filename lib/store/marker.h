/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_STORE_MARKER_H
#define KLING_STORE_MARKER_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"
#include "lib/store/keyring.h"

#include <stdbool.h>

/*
 * The file that tells a store from an empty or lost directory: it names the host whose keys belong
 * to it. Written and flushed under another name, it counts as soon as a key of that host exists:
 * so making a store has one moment at which it comes into being.
 */

/* ST_MISSING: no marker. ST_STORE_LOST: one of another host. ST_CORRUPT, ST_PERM, ST_IO. */
enum status marker_check(int root, uid_t owner, const uint8_t host[HOST_ID_BYTES]) MUST_USE;

/* Whether one has its final name; *present is not whether it is sound. */
enum status marker_is_final(int root, bool *present) MUST_USE;

/* Durable under its first name when it returns; and under its final one. */
enum status marker_prepare(int root, const uint8_t host[HOST_ID_BYTES]) MUST_USE;
enum status marker_publish(int root) MUST_USE;

/* Takes a prepared one back. */
void marker_forget(int root);

#endif
