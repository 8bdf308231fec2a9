# SPDX-License-Identifier: BSD-3-Clause
EXTRA_DIST += conf/kling.conf

# Never over a configuration that is there.
install-data-local:
	$(MKDIR_P) "$(DESTDIR)$(sysconfdir)/kling"
	test -e "$(DESTDIR)$(sysconfdir)/kling/kling.conf" || \
		$(INSTALL_DATA) $(srcdir)/conf/kling.conf "$(DESTDIR)$(sysconfdir)/kling/kling.conf"

# Nor is one taken away that somebody has changed.
uninstall-local:
	cmp -s $(srcdir)/conf/kling.conf "$(DESTDIR)$(sysconfdir)/kling/kling.conf" && \
		rm -f "$(DESTDIR)$(sysconfdir)/kling/kling.conf" || :
