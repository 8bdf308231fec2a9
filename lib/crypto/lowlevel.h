/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_CRYPTO_LOWLEVEL_H
#define KLING_CRYPTO_LOWLEVEL_H

/*
 * Inside lib/crypto only: the plain functions of libcrypto, which need no provider, no
 * configuration and no initialisation. docs/CRYPTO.md has the figures behind this choice.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/modes.h>
#include <openssl/sha.h>

#endif
