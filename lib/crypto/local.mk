# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/crypto/libcrypt.la
lib_crypto_libcrypt_la_SOURCES = lib/crypto/random.c lib/crypto/digest.c lib/crypto/hmac.c \
	lib/crypto/derive.c lib/crypto/seal.c
lib_crypto_libcrypt_la_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS)
lib_crypto_libcrypt_la_LIBADD = $(CRYPTO_LIBS)
