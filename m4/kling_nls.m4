# SPDX-License-Identifier: BSD-3-Clause
#
# KLING_NLS: whether the tool speaks other languages (ENABLE_NLS, INTL_LIBS), and whether their
# catalogues can be made here (HAVE_MSGFMT).
AC_DEFUN([KLING_NLS], [
	AC_ARG_ENABLE([nls], [AS_HELP_STRING([--disable-nls], [leave kling-enroll in English])],
		[], [enable_nls=check])
	have_nls=no
	INTL_LIBS=
	AS_IF([test "$enable_nls" != no], [
		AC_CHECK_HEADER([libintl.h], [
			AC_CHECK_FUNC([ngettext], [have_nls=yes],
				[AC_CHECK_LIB([intl], [ngettext], [have_nls=yes INTL_LIBS=-lintl])])
		])
		AS_IF([test "$enable_nls$have_nls" = yesno],
			[AC_MSG_ERROR([--enable-nls: the C library has no gettext, and there is no libintl])])
	])
	AS_IF([test "$have_nls" = yes],
		[AC_DEFINE([ENABLE_NLS], [1], [Define for messages in other languages than English.])])
	AC_SUBST([INTL_LIBS])
	AC_CHECK_PROG([MSGFMT], [msgfmt], [msgfmt], [no])
	AC_CHECK_PROG([MSGMERGE], [msgmerge], [msgmerge], [msgmerge])
	AC_CHECK_PROG([XGETTEXT], [xgettext], [xgettext], [xgettext])
	AS_IF([test "$have_nls" = yes && test "$MSGFMT" != no],
		[have_translations=yes], [have_translations=no])
	AM_CONDITIONAL([TRANSLATIONS], [test "$have_translations" = yes])
])
