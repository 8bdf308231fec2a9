# SPDX-License-Identifier: BSD-3-Clause
#
# KLING_TRY_LDFLAG(VARIABLE, FLAG): append FLAG to VARIABLE if the linker takes it.
AC_DEFUN([KLING_TRY_LDFLAG], [
	AS_VAR_PUSHDEF([kling_var], [kling_cv_ldflag_$2])
	AC_CACHE_CHECK([whether the linker accepts $2], [kling_var], [
		kling_save_LDFLAGS=$LDFLAGS
		LDFLAGS="$LDFLAGS $2"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
			[AS_VAR_SET([kling_var], [yes])], [AS_VAR_SET([kling_var], [no])])
		LDFLAGS=$kling_save_LDFLAGS
	])
	AS_VAR_IF([kling_var], [yes], [AS_VAR_APPEND([$1], [" $2"])])
	AS_VAR_POPDEF([kling_var])
])

# KLING_SANITIZERS: --enable-sanitizers=LIST and --enable-fuzzing; sets SANITIZE_CFLAGS/_LDFLAGS.
AC_DEFUN([KLING_SANITIZERS], [
	AC_ARG_ENABLE([sanitizers],
		[AS_HELP_STRING([--enable-sanitizers=LIST],
			[build with these sanitizers (yes: address,undefined)])],
		[], [enable_sanitizers=no])
	AC_ARG_ENABLE([fuzzing],
		[AS_HELP_STRING([--enable-fuzzing],
			[build only the libraries and the libFuzzer targets (needs clang)])],
		[], [enable_fuzzing=no])
	AS_IF([test "$enable_sanitizers" = yes], [enable_sanitizers=address,undefined])
	SANITIZE_CFLAGS= SANITIZE_LDFLAGS=
	AS_IF([test "$enable_sanitizers" != no], [
		SANITIZE_CFLAGS="-fsanitize=$enable_sanitizers -fno-sanitize-recover=all -fno-omit-frame-pointer"
		SANITIZE_LDFLAGS="-fsanitize=$enable_sanitizers"
	])
	FUZZ_LDFLAGS=
	AS_IF([test "$enable_fuzzing" != no], [
		AS_VAR_APPEND([SANITIZE_CFLAGS], [" -fsanitize=fuzzer-no-link"])
		FUZZ_LDFLAGS=-fsanitize=fuzzer
		kling_save_CFLAGS=$CFLAGS
		CFLAGS="$CFLAGS $SANITIZE_CFLAGS"
		AC_MSG_CHECKING([whether $CC knows libFuzzer])
		AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])
			 AC_MSG_ERROR([--enable-fuzzing needs clang: ./configure CC=clang --enable-fuzzing])])
		CFLAGS=$kling_save_CFLAGS
	])
	AC_SUBST([SANITIZE_CFLAGS])
	AC_SUBST([SANITIZE_LDFLAGS])
	AC_SUBST([FUZZ_LDFLAGS])
	AM_CONDITIONAL([FUZZING], [test "$enable_fuzzing" != no])
])

# KLING_HARDENING: sets HARDEN_CFLAGS (everything), HARDEN_LDFLAGS (everything),
# HARDEN_PIE_LDFLAGS (programs) and HARDEN_SO_LDFLAGS (the module).
AC_DEFUN([KLING_HARDENING], [
	AC_ARG_ENABLE([hardening],
		[AS_HELP_STRING([--disable-hardening], [leave out the hardening flags])],
		[], [enable_hardening=yes])
	HARDEN_CFLAGS="-fvisibility=hidden"
	HARDEN_LDFLAGS= HARDEN_PIE_LDFLAGS=
	HARDEN_SO_LDFLAGS="-Wl,-z,nodelete"
	AS_IF([test "$enable_hardening" = yes], [
		m4_foreach_w([flag], [-fstack-protector-strong -fstack-clash-protection
			-fcf-protection=full -fPIE -fno-delete-null-pointer-checks -fno-strict-overflow],
			[KLING_TRY_CFLAG([HARDEN_CFLAGS], flag)])
		KLING_TRY_CFLAG([HARDEN_CFLAGS], [-ftrivial-auto-var-init=zero])
		AS_IF([test "$kling_cv_cflag__ftrivial_auto_var_init_zero" = no],
			[KLING_TRY_CFLAG([HARDEN_CFLAGS], [-ftrivial-auto-var-init=zero -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang])])
		AS_IF([test -z "$SANITIZE_CFLAGS"],
			[KLING_TRY_CFLAG([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3])
			 AS_IF([test "$kling_cv_cflag__U_FORTIFY_SOURCE__D_FORTIFY_SOURCE_3" = no],
				[KLING_TRY_CFLAG([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2])])])
		KLING_TRY_LDFLAG([HARDEN_LDFLAGS], [-Wl,-z,relro])
		KLING_TRY_LDFLAG([HARDEN_LDFLAGS], [-Wl,-z,now])
		KLING_TRY_LDFLAG([HARDEN_LDFLAGS], [-Wl,-z,noexecstack])
		KLING_TRY_LDFLAG([HARDEN_PIE_LDFLAGS], [-pie])
	])
	# clang leaves the sanitizer's symbols of a shared object to the program.
	AS_IF([test -z "$SANITIZE_CFLAGS"], [AS_VAR_APPEND([HARDEN_SO_LDFLAGS], [" -Wl,-z,defs"])])
	AC_SUBST([HARDEN_CFLAGS])
	AC_SUBST([HARDEN_LDFLAGS])
	AC_SUBST([HARDEN_PIE_LDFLAGS])
	AC_SUBST([HARDEN_SO_LDFLAGS])
])
