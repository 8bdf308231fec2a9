# SPDX-License-Identifier: BSD-3-Clause
#
# KLING_PAMDIR: set pamdir to where this machine keeps its PAM modules, or to what --with-pamdir says.
AC_DEFUN([KLING_PAMDIR], [
	AC_ARG_WITH([pamdir],
		[AS_HELP_STRING([--with-pamdir=DIR],
			[where PAM modules live (default: where this machine's pam_permit.so is)])],
		[], [with_pamdir=])
	AC_MSG_CHECKING([where PAM modules live])
	pamdir=$with_pamdir
	AS_IF([test -z "$pamdir"], [
		kling_triplet=`$CC -print-multiarch 2>/dev/null`
		for kling_dir in ${kling_triplet:+"/lib/$kling_triplet"} \
		    ${kling_triplet:+"/usr/lib/$kling_triplet"} /usr/lib64 /lib64 /usr/lib /lib
		do
			AS_IF([test -z "$pamdir" && test -e "$kling_dir/security/pam_permit.so"],
				[pamdir=$kling_dir/security])
		done
	])
	AS_IF([test -z "$pamdir"], [pamdir='${libdir}/security'])
	AC_MSG_RESULT([$pamdir])
	AC_SUBST([pamdir])
])
