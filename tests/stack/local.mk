# SPDX-License-Identifier: BSD-3-Clause
#
# tests/stack/test_NAME.c is one program: the built module in the real libpam, on the stage that
# rig_*.c builds. Add it by the three lines of its neighbours.
stack_tests = tests/stack/test_login tests/stack/test_preauth \
	tests/stack/test_protocol tests/stack/test_password tests/stack/test_enrollment \
	tests/stack/test_who tests/stack/test_grace

check_LTLIBRARIES = tests/stack/librig.la
tests_stack_librig_la_SOURCES = tests/stack/rig.h tests/stack/rig_world.h \
	tests/stack/rig_world.c tests/stack/rig_stage.c tests/stack/rig_talk.c \
	tests/stack/rig_crowd.c tests/stack/rig_snapshot.c
# Without FORTIFY, whose inline functions stand in for those that the rig defines itself.
tests_stack_librig_la_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)

# The module binds to the clock and the log of the program: they must be found from outside.
rig_ldadd = tests/stack/librig.la $(lib_libs) $(PAM_LIBS) $(CMOCKA_LIBS) -lcrypt
rig_ldflags = $(AM_LDFLAGS) -export-dynamic

tests_stack_test_login_LDADD = $(rig_ldadd)
tests_stack_test_login_LDFLAGS = $(rig_ldflags)
tests_stack_test_preauth_LDADD = $(rig_ldadd)
tests_stack_test_preauth_LDFLAGS = $(rig_ldflags)

tests_stack_test_protocol_LDADD = $(rig_ldadd)
tests_stack_test_protocol_LDFLAGS = $(rig_ldflags)

tests_stack_test_password_LDADD = $(rig_ldadd)
tests_stack_test_password_LDFLAGS = $(rig_ldflags)

tests_stack_test_enrollment_LDADD = $(rig_ldadd)
tests_stack_test_enrollment_LDFLAGS = $(rig_ldflags)

tests_stack_test_who_LDADD = $(rig_ldadd)
tests_stack_test_who_LDFLAGS = $(rig_ldflags)

tests_stack_test_grace_LDADD = $(rig_ldadd)
tests_stack_test_grace_LDFLAGS = $(rig_ldflags)

stack_tests += tests/stack/test_lockout
tests_stack_test_lockout_LDADD = $(rig_ldadd)
tests_stack_test_lockout_LDFLAGS = $(rig_ldflags)

# Programs in which calls can fail: they define these functions themselves.
rig_faults = tests/stack/rig_faults.c tests/stack/rig_faults.h
situations = tests/stack/situations.c tests/stack/situations.h
stack_tests += tests/stack/test_faults
tests_stack_test_faults_SOURCES = tests/stack/test_faults.c $(rig_faults) $(situations)
tests_stack_test_faults_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_stack_test_faults_LDADD = $(rig_ldadd)
tests_stack_test_faults_LDFLAGS = $(rig_ldflags)
stack_tests += tests/stack/test_fault_pairs
long_tests += tests/stack/test_fault_pairs
tests_stack_test_fault_pairs_SOURCES = tests/stack/test_fault_pairs.c $(rig_faults) $(situations)
tests_stack_test_fault_pairs_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_stack_test_fault_pairs_LDADD = $(rig_ldadd)
tests_stack_test_fault_pairs_LDFLAGS = $(rig_ldflags)
stack_tests += tests/stack/test_kills
long_tests += tests/stack/test_kills
tests_stack_test_kills_SOURCES = tests/stack/test_kills.c tests/stack/stepper.c \
	tests/stack/stepper.h $(rig_faults) $(situations)
tests_stack_test_kills_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_stack_test_kills_LDADD = $(rig_ldadd)
tests_stack_test_kills_LDFLAGS = $(rig_ldflags)
stack_tests += tests/stack/test_costs
tests_stack_test_costs_LDADD = $(rig_ldadd)
tests_stack_test_costs_LDFLAGS = $(rig_ldflags)
stack_tests += tests/stack/test_core
tests_stack_test_core_SOURCES = tests/stack/test_core.c $(rig_faults)
tests_stack_test_core_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_stack_test_core_LDADD = $(rig_ldadd)
tests_stack_test_core_LDFLAGS = $(rig_ldflags)
stack_tests += tests/stack/test_attack
tests_stack_test_attack_SOURCES = tests/stack/test_attack.c kling-enroll/issue_store.c
tests_stack_test_attack_LDADD = $(rig_ldadd)
tests_stack_test_attack_LDFLAGS = $(rig_ldflags)

stack_tests += tests/stack/test_local
tests_stack_test_local_LDADD = $(rig_ldadd)
tests_stack_test_local_LDFLAGS = $(rig_ldflags)

stack_tests += tests/stack/test_stacks tests/stack/test_timing
tests_stack_test_stacks_LDADD = $(rig_ldadd)
tests_stack_test_stacks_LDFLAGS = $(rig_ldflags)
tests_stack_test_timing_LDADD = $(rig_ldadd)
tests_stack_test_timing_LDFLAGS = $(rig_ldflags)

stack_tests += tests/stack/test_trouble
long_tests += tests/stack/test_trouble
tests_stack_test_trouble_SOURCES = tests/stack/test_trouble.c $(rig_faults)
tests_stack_test_trouble_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS)
tests_stack_test_trouble_LDADD = $(rig_ldadd) -lpthread
tests_stack_test_trouble_LDFLAGS = $(rig_ldflags)
stack_tests += tests/stack/test_secrets
tests_stack_test_secrets_LDADD = $(rig_ldadd)
tests_stack_test_secrets_LDFLAGS = $(rig_ldflags)

stack_tests += tests/stack/test_mixture
tests_stack_test_mixture_LDADD = $(rig_ldadd)
tests_stack_test_mixture_LDFLAGS = $(rig_ldflags)


stack_tests += tests/stack/test_stack_faults
tests_stack_test_stack_faults_SOURCES = tests/stack/test_stack_faults.c $(rig_faults)
tests_stack_test_stack_faults_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE $(PAM_CFLAGS) -Wno-missing-field-initializers
tests_stack_test_stack_faults_LDADD = $(rig_ldadd)
tests_stack_test_stack_faults_LDFLAGS = $(rig_ldflags)

if HAVE_CMOCKA
if !FUZZING
check_PROGRAMS += $(stack_tests)
TESTS += $(stack_tests)
endif
endif

# make check-stack: these alone.
check-stack:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(stack_tests)'
.PHONY: check-stack
