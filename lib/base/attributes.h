/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_BASE_ATTRIBUTES_H
#define KLING_BASE_ATTRIBUTES_H

/* A result that must be looked at: the compiler refuses to let it fall on the floor. */
#define MUST_USE __attribute__((warn_unused_result))

#define PRINTF_LIKE(nth, first) __attribute__((format(printf, nth, first)))

/* Runs `function(&variable)` when the variable leaves its scope, which is use enough of it. */
#define AT_SCOPE_END(function) __attribute__((cleanup(function), unused))

#endif
