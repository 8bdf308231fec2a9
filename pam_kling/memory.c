/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/memory.h"

#include <stdlib.h>
#include <string.h>

static const char key[] = "pam_kling";

static void forget(pam_handle_t *pamh, void *data, int status)
{
	(void)pamh;
	(void)status;
	free(data);
}

/* The handle owns it and hands it out as const; it is ours to change. */
static struct memory *held(pam_handle_t *pamh)
{
	const void *data = NULL;
	if (pam_get_data(pamh, key, &data) != PAM_SUCCESS)
		return NULL;
	return (struct memory *)(uintptr_t)data;
}

struct memory *memory_get(pam_handle_t *pamh, const char *name)
{
	struct memory *memory = held(pamh);
	return memory != NULL && strcmp(memory->name, name) == 0 ? memory : NULL;
}

bool memory_of_another(pam_handle_t *pamh, const char *name)
{
	const struct memory *memory = held(pamh);
	return memory != NULL && memory->auth_ran && strcmp(memory->name, name) != 0;
}

struct memory *memory_need(pam_handle_t *pamh, const char *name)
{
	struct memory *memory = memory_get(pamh, name);
	if (memory != NULL)
		return memory;
	size_t length = strlen(name) + 1;
	memory = calloc(1, sizeof(*memory) + length);
	if (memory == NULL)
		return NULL;
	memcpy(memory->name, name, length);
	if (pam_set_data(pamh, key, memory, forget) == PAM_SUCCESS)
		return memory;
	free(memory);
	return NULL;
}
