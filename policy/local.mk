# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += policy/libpolicy.la
policy_libpolicy_la_SOURCES =
