/* SPDX-License-Identifier: BSD-3-Clause */
/* PAM_RHOST and allow_from: whatever parses has one canonical text that parses back to the same. */
#include "policy/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static bool is_mapped(const struct address *address)
{
	static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return address->family == 6 && memcmp(address->bytes, prefix, sizeof(prefix)) == 0;
}

static void check_address(const struct address *address)
{
	struct address source = address_source(address), twice = address_source(&source);
	struct range range;
	struct origin again;
	char text[46];

	demand(address->family == 4 || address->family == 6, "no such family");
	demand(!is_mapped(address), "a mapped address is IPv4");
	address_format(address, text);
	again = origin_of(text);
	demand(again.kind == ORIGIN_ADDRESS, "the canonical text is an address");
	demand(address_equal(&again.address, address), "and the same one");
	demand(range_parse(text, &range), "an address is a range");
	demand(range_contains(&range, address), "that contains it");
	demand(address_equal(&source, &twice), "a source is its own source");
}

static void check_origin(const char *text)
{
	struct origin origin = origin_of(text);

	demand((origin.kind == ORIGIN_NONE) == (*text == '\0'), "only the empty text is none");
	if (origin.kind == ORIGIN_ADDRESS)
		check_address(&origin.address);
	else
		demand(origin.address.family == 0, "a name has no address");
}

static void check_range(const char *text)
{
	char base[46], whole[64];
	struct range range, again;

	if (!range_parse(text, &range))
		return;
	check_address(&range.base);
	demand(range.bits <= (range.base.family == 4 ? 32 : 128), "no more bits than there are");
	demand(range_contains(&range, &range.base), "a range contains its base");
	address_format(&range.base, base);
	snprintf(whole, sizeof(whole), "%s/%d", base, range.bits);
	demand(range_parse(whole, &again), "the canonical range is a range");
	demand(address_equal(&again.base, &range.base) && again.bits == range.bits,
	       "and the same one");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_origin(text);
	check_range(text);
	return 0;
}
