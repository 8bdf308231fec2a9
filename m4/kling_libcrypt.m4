# SPDX-License-Identifier: BSD-3-Clause
#
# KLING_LIBCRYPT: the name under which the dynamic linker knows libcrypt becomes CRYPT_LIBRARY, so
# that it is opened only when a hash is compared. Where crypt_r is part of the C library there is
# none, and CRYPT_LINK_LIBS is what to link instead.
AC_DEFUN([KLING_LIBCRYPT], [
	AC_CACHE_CHECK([for the name of libcrypt at run time], [kling_cv_crypt_library], [
		kling_save_LIBS=$LIBS
		LIBS="$CRYPT_LIBS $LIBS"
		kling_cv_crypt_library=
		AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <crypt.h>
			static struct crypt_data data;]], [[return !crypt_r("", "", &data);]])], [
			kling_cv_crypt_library=`$OBJDUMP -p conftest$EXEEXT 2>/dev/null |
				sed -n 's/^ *NEEDED *\(libcrypt\.so[[^ ]]*\)$/\1/p'`
		])
		LIBS=$kling_save_LIBS
	])
	CRYPT_LINK_LIBS=$CRYPT_LIBS
	AS_IF([test -n "$kling_cv_crypt_library"], [
		CRYPT_LINK_LIBS=
		AC_DEFINE_UNQUOTED([CRYPT_LIBRARY], ["$kling_cv_crypt_library"],
			[The library that has crypt_r, opened when it is needed.])
	])
	AC_SUBST([CRYPT_LINK_LIBS])
])
