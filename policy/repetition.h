/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_POLICY_REPETITION_H
#define KLING_POLICY_REPETITION_H

#include "policy/characters.h"

/*
 * Collapses what adds length but no effort, in place and in lower case:
 * 1. from left to right, the longest run of 4 and more neighbours in an alphabet, the digits (9 is
 *    followed by 0) or a row or column of a qwerty, qwertz or azerty keyboard, forwards or
 *    backwards, becomes its first character;
 * 2. a block that follows itself immediately goes away, shortest block first, leftmost first, until
 *    none is left.
 * "abcdefgh1234!" becomes "a1!", "Pass!pass!pass!" becomes "pas!".
 */
void repetition_collapse(struct characters *text);

#endif
