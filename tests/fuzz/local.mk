# SPDX-License-Identifier: BSD-3-Clause
#
# tests/fuzz/fuzz_NAME.c defines LLVMFuzzerTestOneInput; tests/fuzz/corpus/NAME/ holds its seeds.
# Add it by one line: fuzz_programs += tests/fuzz/fuzz_NAME
# With --enable-fuzzing it is a libFuzzer program; otherwise replay.c is its main,
# and make check feeds it the corpus either way.
fuzz_programs =
fuzz_programs += tests/fuzz/fuzz_number
fuzz_programs += tests/fuzz/fuzz_text
fuzz_programs += tests/fuzz/fuzz_arguments
fuzz_programs += tests/fuzz/fuzz_settings
EXTRA_DIST += tests/fuzz/corpus
fuzz_programs += tests/fuzz/fuzz_address
fuzz_programs += tests/fuzz/fuzz_answer
fuzz_programs += tests/fuzz/fuzz_password
fuzz_programs += tests/fuzz/fuzz_blocklist
fuzz_programs += tests/fuzz/fuzz_live_state
fuzz_programs += tests/fuzz/fuzz_enrollment
fuzz_programs += tests/fuzz/fuzz_keyring
fuzz_programs += tests/fuzz/fuzz_otpauth
fuzz_programs += tests/fuzz/fuzz_import
fuzz_programs += tests/fuzz/fuzz_name
fuzz_programs += tests/fuzz/fuzz_pam_stack

# The built module in the real libpam, on the stage of tests/stack/.
if HAVE_CMOCKA
fuzz_programs += tests/fuzz/fuzz_login
endif
tests_fuzz_fuzz_login_SOURCES = tests/fuzz/fuzz_login.c $(rig_faults)
tests_fuzz_fuzz_login_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_fuzz_fuzz_login_LDADD = $(FUZZ_MAIN) $(rig_ldadd)
tests_fuzz_fuzz_login_LDFLAGS = $(rig_ldflags)

if FUZZING
FUZZ_MAIN = $(FUZZ_LDFLAGS)
else
FUZZ_MAIN = tests/fuzz/libreplay.a
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay.c
endif

check_PROGRAMS += $(fuzz_programs)
TESTS += $(fuzz_programs)

check-fuzz:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(fuzz_programs)' check_PROGRAMS='$(fuzz_programs)'
.PHONY: check-fuzz

# make fuzz [SECONDS=600]: builds the targets with clang and runs all of them for that time together.
# FUZZ_SANITIZERS=no: with coverage alone to guide them and in a directory of their own, which is
# many times as fast; FUZZ_TARGETS='name text' runs these; FUZZ_OPTIONS='-runs=100000000' goes to libFuzzer.
SECONDS = 600
FUZZ_SANITIZERS = yes
FUZZ_TARGETS =
FUZZ_OPTIONS =
FUZZ_CC = clang
FUZZ_DIR_yes = build-fuzz
FUZZ_DIR_no = build-fuzz-fast
FUZZ_CONFIGURE_yes = CFLAGS='-O1 -g' --enable-sanitizers
# Following comparisons takes nine tenths of the time of parsers that look at single bytes.
FUZZ_CONFIGURE_no = CFLAGS='-O2 -g1 -fno-sanitize-coverage=trace-cmp' --disable-hardening
FUZZ_BUILD = $(abs_top_builddir)/$(FUZZ_DIR_$(FUZZ_SANITIZERS))
fuzz:
	$(MKDIR_P) $(FUZZ_BUILD)
	test -f $(FUZZ_BUILD)/Makefile || (cd $(FUZZ_BUILD) && $(abs_top_srcdir)/configure -q \
		CC=$(FUZZ_CC) --enable-fuzzing $(FUZZ_CONFIGURE_$(FUZZ_SANITIZERS)))
	$(MAKE) -s -C $(FUZZ_BUILD) all fuzz-programs
	abs_top_srcdir='$(abs_top_srcdir)' FUZZ_OPTIONS='$(FUZZ_OPTIONS)' \
		$(srcdir)/tests/fuzz/run.sh $(FUZZ_BUILD) $(SECONDS) $(FUZZ_TARGETS)
fuzz-programs: $(fuzz_programs) pam_kling/pam_kling.la
.PHONY: fuzz fuzz-programs
EXTRA_DIST += tests/fuzz/run.sh
