/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_FACTOR_SYMBOL_H
#define KLING_FACTOR_SYMBOL_H

#include <stdint.h>

/* Inside lib/factor only: Crockford's 32 symbols, five bits each. */

enum { SYMBOL_BITS = 5, SYMBOLS = 32 };

/* The symbol of the low five bits. */
char symbol_of(uint8_t value);

/* The symbol a typed character stands for (any case; O is 0, I and L are 1), or NUL. */
char symbol_read(char typed);

#endif
