# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += kling-enroll/libenroll.la
kling_enroll_libenroll_la_SOURCES = \
	kling-enroll/ask.c \
	kling-enroll/ask.h \
	kling-enroll/bulk.c \
	kling-enroll/bulk.h \
	kling-enroll/check.h \
	kling-enroll/check_blocklists.c \
	kling-enroll/check_config.c \
	kling-enroll/check_pam.c \
	kling-enroll/check_records.c \
	kling-enroll/check_sections.c \
	kling-enroll/check_services.c \
	kling-enroll/check_sshd.c \
	kling-enroll/check_store.c \
	kling-enroll/cmd_add.c \
	kling-enroll/cmd_check.c \
	kling-enroll/cmd_codes.c \
	kling-enroll/cmd_grace.c \
	kling-enroll/cmd_import.c \
	kling-enroll/cmd_init.c \
	kling-enroll/cmd_list.c \
	kling-enroll/cmd_password.c \
	kling-enroll/cmd_prune.c \
	kling-enroll/cmd_rekey.c \
	kling-enroll/cmd_remove.c \
	kling-enroll/cmd_resync.c \
	kling-enroll/cmd_status.c \
	kling-enroll/cmd_unlock.c \
	kling-enroll/cmd_verify.c \
	kling-enroll/commands.c \
	kling-enroll/commands.h \
	kling-enroll/config_text.c \
	kling-enroll/config_text.h \
	kling-enroll/crew.c \
	kling-enroll/crew.h \
	kling-enroll/culprit.c \
	kling-enroll/culprit.h \
	kling-enroll/deliver.c \
	kling-enroll/deliver.h \
	kling-enroll/deliver_show.c \
	kling-enroll/display.c \
	kling-enroll/drawing.h \
	kling-enroll/findings.c \
	kling-enroll/findings.h \
	kling-enroll/forecast.c \
	kling-enroll/forecast.h \
	kling-enroll/forecast_parts.h \
	kling-enroll/forecast_tell.c \
	kling-enroll/help.c \
	kling-enroll/help.h \
	kling-enroll/import.c \
	kling-enroll/import.h \
	kling-enroll/import_google.c \
	kling-enroll/import_oath.c \
	kling-enroll/input.c \
	kling-enroll/input.h \
	kling-enroll/issue.c \
	kling-enroll/issue.h \
	kling-enroll/issue_store.c \
	kling-enroll/json.c \
	kling-enroll/json.h \
	kling-enroll/language.c \
	kling-enroll/language.h \
	kling-enroll/log.c \
	kling-enroll/log.h \
	kling-enroll/options.c \
	kling-enroll/options.h \
	kling-enroll/output_file.c \
	kling-enroll/output_file.h \
	kling-enroll/pam_course.c \
	kling-enroll/pam_stack.c \
	kling-enroll/pam_stack.h \
	kling-enroll/drift.c \
	kling-enroll/drift.h \
	kling-enroll/people.c \
	kling-enroll/people.h \
	kling-enroll/progress.c \
	kling-enroll/progress.h \
	kling-enroll/recorder.c \
	kling-enroll/recorder.h \
	kling-enroll/roll.c \
	kling-enroll/roll.h \
	kling-enroll/screens.c \
	kling-enroll/screens.h \
	kling-enroll/service.c \
	kling-enroll/service.h \
	kling-enroll/sheet.c \
	kling-enroll/sheet.h \
	kling-enroll/shorter.c \
	kling-enroll/sshd.c \
	kling-enroll/sshd.h \
	kling-enroll/sshd_match.c \
	kling-enroll/suggest.c \
	kling-enroll/summary.c \
	kling-enroll/summary.h \
	kling-enroll/terminal.c \
	kling-enroll/terminal.h \
	kling-enroll/text.h \
	kling-enroll/tool.c \
	kling-enroll/tool.h \
	kling-enroll/uri.c \
	kling-enroll/uri.h \
	kling-enroll/utf8.c \
	kling-enroll/utf8.h \
	kling-enroll/when.c \
	kling-enroll/when.h
if HAVE_CAIRO
kling_enroll_libenroll_la_SOURCES += kling-enroll/drawing.c kling-enroll/sheet_pdf.c
else
kling_enroll_libenroll_la_SOURCES += kling-enroll/drawing_none.c
endif
kling_enroll_libenroll_la_CFLAGS = $(AM_CFLAGS) -pthread $(CAIRO_CFLAGS)
# libqrencode is opened by name (lib/show/qr.c); linked too, it shows in the package's needs.
kling_enroll_libenroll_la_LIBADD = $(QRENCODE_LIBS) $(CAIRO_LIBS) -lpthread $(INTL_LIBS)

if !FUZZING
sbin_PROGRAMS += kling-enroll/kling-enroll
endif
kling_enroll_kling_enroll_SOURCES = kling-enroll/main.c
kling_enroll_kling_enroll_LDADD = kling-enroll/libenroll.la $(lib_libs)
kling_enroll_kling_enroll_LDFLAGS = $(AM_LDFLAGS) $(HARDEN_PIE_LDFLAGS)
