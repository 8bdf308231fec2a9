/* SPDX-License-Identifier: BSD-3-Clause */
#include "lib/factor/symbol.h"

#include <string.h>

static const char ALPHABET[SYMBOLS + 1] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char symbol_of(uint8_t value)
{
	return ALPHABET[value % SYMBOLS];
}

/* ASCII alone: toupper would ask the host's locale. */
static char upper(char typed)
{
	return typed >= 'a' && typed <= 'z' ? (char)(typed - 'a' + 'A') : typed;
}

char symbol_read(char typed)
{
	char c = upper(typed);

	if (c == 'O')
		return '0';
	if (c == 'I' || c == 'L')
		return '1';
	return strchr(ALPHABET, c) ? c : '\0';
}
