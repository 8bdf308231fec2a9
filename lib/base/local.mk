# SPDX-License-Identifier: BSD-3-Clause
noinst_LTLIBRARIES += lib/base/libbase.la
lib_base_libbase_la_SOURCES =
