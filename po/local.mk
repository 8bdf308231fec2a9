# SPDX-License-Identifier: BSD-3-Clause
#
# What kling-enroll and its sheets say in other languages. A new one: its .po here, in po_files, and
# its three lines below. `make update-po` (with GNU gettext) brings the .po files up to the sources.
po_files = po/de.po
EXTRA_DIST += $(po_files) po/POTFILES

if TRANSLATIONS
dedir = $(localedir)/de/LC_MESSAGES
nodist_de_DATA = po/locale/de/LC_MESSAGES/kling.mo
po/locale/de/LC_MESSAGES/kling.mo: po/de.po
	$(make_catalogue)
endif
CLEANFILES += $(nodist_de_DATA)

make_catalogue = $(AM_V_GEN)$(MKDIR_P) $(@D) && $(MSGFMT) -c -o $@ $<

# The words of the library that complain to people are arguments of these functions.
po_keywords = --keyword=_ --keyword=N_ --keyword=ngettext:1,2 --keyword=complain:3 \
	--keyword=report:4 --keyword=reject:2

update-po:
	cd $(srcdir) && $(XGETTEXT) --from-code=UTF-8 --add-location=file --sort-by-file -F --add-comments=po: \
		--keyword $(po_keywords) --package-name=kling --files-from=po/POTFILES \
		-o $(abs_builddir)/po/kling.pot
	cd $(srcdir) && for po in $(po_files); do \
		$(MSGMERGE) --quiet --update --backup=none --no-fuzzy-matching $$po \
			$(abs_builddir)/po/kling.pot || exit 1; \
	done
.PHONY: update-po
CLEANFILES += po/kling.pot
