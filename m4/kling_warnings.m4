# SPDX-License-Identifier: BSD-3-Clause
#
# KLING_TRY_CFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if the compiler takes it without a word.
AC_DEFUN([KLING_TRY_CFLAG], [
	AS_VAR_PUSHDEF([kling_var], [kling_cv_cflag_$2])
	AC_CACHE_CHECK([whether $CC accepts $2], [kling_var], [
		kling_save_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS -Werror $2"
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [[return 0;]])],
			[AS_VAR_SET([kling_var], [yes])], [AS_VAR_SET([kling_var], [no])])
		CFLAGS=$kling_save_CFLAGS
	])
	AS_VAR_IF([kling_var], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([kling_var])
])

# KLING_WARNINGS: set WARN_CFLAGS to the strict set, apart from the user's CFLAGS.
AC_DEFUN([KLING_WARNINGS], [
	AC_ARG_ENABLE([werror],
		[AS_HELP_STRING([--enable-werror], [stop at every compiler warning])],
		[], [enable_werror=no])
	WARN_CFLAGS=
	m4_foreach_w([flag], [-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
		-Wswitch-enum -Wmissing-prototypes -Wmissing-declarations -Wstrict-prototypes
		-Wold-style-definition -Wvla -Wcast-align -Wcast-qual -Wformat=2 -Wformat-security
		-Wpointer-arith -Wundef -Wwrite-strings -Wredundant-decls -Wnested-externs
		-Wimplicit-fallthrough -Wdouble-promotion -Wunused-result -Wduplicated-cond
		-Wduplicated-branches -Wlogical-op -Wjump-misses-init -Walloca],
		[KLING_TRY_CFLAG([WARN_CFLAGS], flag)])
	# A sanitizer makes every frame larger and sees phantom paths.
	AS_IF([test -z "$SANITIZE_CFLAGS"], [
		KLING_TRY_CFLAG([WARN_CFLAGS], [-Wframe-larger-than=16384])
		KLING_TRY_CFLAG([WARN_CFLAGS], [-Wnull-dereference])
	])
	AS_IF([test "$enable_werror" = yes], [AS_VAR_APPEND([WARN_CFLAGS], [" -Werror"])])
	AC_SUBST([WARN_CFLAGS])
])
