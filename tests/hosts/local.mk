# SPDX-License-Identifier: BSD-3-Clause
#
# tests/hosts/scenario_NAME.py runs the built module inside one real program, in a private copy of
# the machine (as root; otherwise it is skipped and says so). KLING_HOSTS=no leaves them all out.
hosts_tests = tests/hosts/scenario_private.py tests/hosts/scenario_cron.py \
	tests/hosts/scenario_deploy.py tests/hosts/scenario_enrollment.py \
	tests/hosts/scenario_login.py tests/hosts/scenario_passwd.py tests/hosts/scenario_polkit.py \
	tests/hosts/scenario_sshd.py tests/hosts/scenario_stacks.py tests/hosts/scenario_su.py \
	tests/hosts/scenario_sudo.py tests/hosts/demo.sh
hosts_harness = tests/hosts/harness/__init__.py tests/hosts/harness/build.py \
	tests/hosts/harness/dialogue.py tests/hosts/harness/log.py \
	tests/hosts/harness/machine.py tests/hosts/harness/namespace.py \
	tests/hosts/harness/oath.py tests/hosts/harness/qr.py tests/hosts/harness/sshd.py \
	tests/hosts/harness/steps.py tests/hosts/harness/suite.py

TESTS += $(hosts_tests)
EXTRA_DIST += tests/hosts/README.md tests/hosts/demo $(hosts_tests) $(hosts_harness)

check-hosts:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(hosts_tests)'
.PHONY: check-hosts
