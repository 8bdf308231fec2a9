# SPDX-License-Identifier: BSD-3-Clause
#
# KLING_LIBCRYPTO: stop unless libcrypto exports the plain functions lib/crypto stands on
# (one built with no-deprecated does not). docs/CRYPTO.md says why these.
AC_DEFUN([KLING_LIBCRYPTO], [
	kling_save_LIBS=$LIBS
	LIBS="$CRYPTO_LIBS $LIBS"
	AC_CHECK_FUNCS([SHA1_Init SHA256_Init SHA256_Update SHA256_Final AES_set_encrypt_key
		AES_encrypt CRYPTO_gcm128_new CRYPTO_gcm128_finish CRYPTO_gcm128_release], [],
		[AC_MSG_ERROR([libcrypto lacks $ac_func: it was built without its low-level functions])])
	LIBS=$kling_save_LIBS
])
