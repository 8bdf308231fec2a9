# SPDX-License-Identifier: BSD-3-Clause
dist_man_MANS += man/kling.conf.5
dist_man_MANS += man/pam_kling.8
dist_man_MANS += man/kling-enroll.8
