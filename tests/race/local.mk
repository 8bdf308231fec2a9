# SPDX-License-Identifier: BSD-3-Clause
#
# Many at once: processes held in the middle of their conversation, threads with handles of their
# own, logins against the tool. On the stage of tests/stack. make check-race: these alone.
race_programs = tests/race/test_race tests/race/test_threads tests/race/test_serial \
	tests/race/test_many
tests_race_test_race_LDADD = $(rig_ldadd)
tests_race_test_race_LDFLAGS = $(rig_ldflags)
tests_race_test_threads_LDADD = $(rig_ldadd)
tests_race_test_threads_LDFLAGS = $(rig_ldflags)
tests_race_test_serial_SOURCES = tests/race/test_serial.c tests/model/tool_run.c $(model_sources)
tests_race_test_serial_LDADD = kling-enroll/libenroll.la $(rig_ldadd)
tests_race_test_serial_LDFLAGS = $(rig_ldflags)
tests_race_test_many_LDADD = $(rig_ldadd)
tests_race_test_many_LDFLAGS = $(rig_ldflags)

long_tests += $(race_programs)

if HAVE_CMOCKA
if !FUZZING
check_PROGRAMS += $(race_programs)
TESTS += $(race_programs)
endif
endif

check-race:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(race_programs)'
.PHONY: check-race
