/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_INPUT = 1 << 20 };

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(MAX_INPUT);
	size_t size = 0;
	int ok = f && data;

	if (ok) {
		size = fread(data, 1, MAX_INPUT, f);
		ok = !ferror(f) && LLVMFuzzerTestOneInput(data, size) == 0;
	}
	if (f)
		fclose(f);
	free(data);
	if (!ok)
		fprintf(stderr, "%s: failed\n", path);
	return ok;
}

/* Runs the fuzz target it is linked with over each file named, once. */
int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed += !replay(argv[i]);
	printf("%d inputs, %d failed\n", argc - 1, failed);
	return failed || argc < 2;
}
