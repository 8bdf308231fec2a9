# SPDX-License-Identifier: BSD-3-Clause
#
# Module and tool against a reference written from the design: tests/model/model.c.
model_programs = tests/model/test_model
model_sources = tests/model/model.c tests/model/model.h tests/model/view.c tests/model/view.h
tests_model_test_model_SOURCES = tests/model/test_model.c tests/model/act.c tests/model/act.h \
	tests/model/answers.c tests/model/answers.h \
	tests/model/tool_run.c tests/model/tool_run.h $(model_sources) $(rig_faults)
tests_model_test_model_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_model_test_model_LDADD = kling-enroll/libenroll.la $(rig_ldadd)
tests_model_test_model_LDFLAGS = $(rig_ldflags)

long_tests += $(model_programs)

if HAVE_CMOCKA
if !FUZZING
check_PROGRAMS += $(model_programs)
TESTS += $(model_programs)
endif
endif

check-model:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(model_programs)'
.PHONY: check-model
