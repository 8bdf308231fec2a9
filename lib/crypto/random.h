/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CRYPTO_RANDOM_H
#define KLING_CRYPTO_RANDOM_H

#include "lib/base/attributes.h"
#include "lib/base/status.h"

#include <stddef.h>
#include <stdint.h>

/* The kernel's generator, whole or not at all; no fallback. On failure `bytes` is zeroed. */
enum status random_bytes(void *bytes, size_t length) MUST_USE;

#endif
