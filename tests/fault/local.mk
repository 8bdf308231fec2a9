# SPDX-License-Identifier: BSD-3-Clause
#
# What is left of the store when a call fails, the process is killed or the power is cut.
# make check-fault: these alone; they take a minute or two.
fault_programs = tests/fault/test_store_kill tests/fault/test_store_errors \
	tests/fault/test_store_power tests/fault/test_store_calls tests/fault/test_store_disks
fault_common = tests/fault/operations.c tests/fault/operations.h
fault_shim = tests/fault/shim.c tests/fault/shim.h

tests_fault_test_store_kill_SOURCES = tests/fault/test_store_kill.c $(fault_common)
tests_fault_test_store_errors_SOURCES = tests/fault/test_store_errors.c $(fault_common) $(fault_shim)
tests_fault_test_store_errors_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc
tests_fault_test_store_power_SOURCES = tests/fault/test_store_power.c $(fault_common) $(fault_shim)
tests_fault_test_store_power_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc
tests_fault_test_store_calls_SOURCES = tests/fault/test_store_calls.c $(fault_common)
tests_fault_test_store_disks_SOURCES = tests/fault/test_store_disks.c

if HAVE_CMOCKA
if !FUZZING
check_PROGRAMS += $(fault_programs)
TESTS += $(fault_programs)
endif
endif

check-fault:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(fault_programs)'
.PHONY: check-fault
