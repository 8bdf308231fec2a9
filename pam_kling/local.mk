# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += pam_kling/libpamkling.la
pam_kling_libpamkling_la_SOURCES = pam_kling/pam_kling.c pam_kling/request.c pam_kling/phase.c \
	pam_kling/memory.c pam_kling/conversation.c pam_kling/prompt.c pam_kling/standing.c \
	pam_kling/judge.c pam_kling/settled.c pam_kling/ticket.c pam_kling/noise.c pam_kling/auth.c \
	pam_kling/preauth.c pam_kling/account.c pam_kling/enrollment.c \
	pam_kling/enrollment_page.c pam_kling/session.c pam_kling/password.c pam_kling/former.c \
	pam_kling/outcome.c \
	pam_kling/log.c pam_kling/audit.c pam_kling/text.c
pam_kling_libpamkling_la_CFLAGS = $(AM_CFLAGS) $(PAM_CFLAGS) $(AUDIT_CFLAGS)
pam_kling_libpamkling_la_LIBADD = $(PAM_LIBS) $(AUDIT_LIBS)

pam_LTLIBRARIES += pam_kling/pam_kling.la
pam_kling_pam_kling_la_SOURCES =
pam_kling_pam_kling_la_LIBADD = pam_kling/libpamkling.la $(lib_libs)
pam_kling_pam_kling_la_LDFLAGS = -module -avoid-version -shared $(AM_LDFLAGS) $(HARDEN_SO_LDFLAGS) \
	-Wl,--version-script=$(top_srcdir)/pam_kling/pam_kling.map
EXTRA_pam_kling_pam_kling_la_DEPENDENCIES = pam_kling/pam_kling.map
EXTRA_DIST += pam_kling/pam_kling.map

# libtool's description of the module is of no use in the PAM directory.
install-data-hook: installed-links
	rm -f $(DESTDIR)$(pamdir)/pam_kling.la
# A line that names a module which is gone refuses everybody: the hook says where there is one.
uninstall-hook:
	rm -f $(DESTDIR)$(pamdir)/pam_kling.so
	@left=`cd "$(DESTDIR)/" && grep -lE '^[^#]*pam_kling' etc/pam.d/* usr/lib/pam.d/* 2>/dev/null`; \
	test -z "$$left" || { \
		echo "WARNING: pam_kling.so is gone, and these files still name it:"; \
		for file in $$left; do echo "    $(DESTDIR)/$$file"; done; \
		echo "Nobody can log in through them now. Take its lines out (with pam-auth-update:"; \
		echo "pam-auth-update --disable kling kling-preauth) before you close this shell."; \
	} >&2
