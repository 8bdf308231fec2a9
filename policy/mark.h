/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_MARK_H
#define KLING_POLICY_MARK_H

/* Marks a text for the translators and leaves it as it is; who shows it translates it. */
#define N_(text) text

#endif
