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
enum memory_found memory_find(pam_handle_t *pamh, const char *name, struct memory **memory)
{
	const void *data = NULL;
	int result = pam_get_data(pamh, key, &data);
	*memory = NULL;
	if (result == PAM_NO_MODULE_DATA || (result == PAM_SUCCESS && data == NULL))
		return MEMORY_NONE;
	if (result != PAM_SUCCESS)
		return MEMORY_UNREADABLE;
	struct memory *held = (struct memory *)(uintptr_t)data;
	if (strcmp(held->name, name) != 0)
		return held->auth_ran ? MEMORY_OF_ANOTHER : MEMORY_NONE;
	*memory = held;
	return MEMORY_OURS;
}

struct memory *memory_get(pam_handle_t *pamh, const char *name)
{
	struct memory *memory = NULL;
	(void)memory_find(pamh, name, &memory);
	return memory;
}

struct memory *memory_held(pam_handle_t *pamh)
{
	const void *data = NULL;
	if (pam_get_data(pamh, key, &data) != PAM_SUCCESS)
		return NULL;
	return (struct memory *)(uintptr_t)data;
}

struct memory *memory_need(pam_handle_t *pamh, const char *name)
{
	struct memory *memory = NULL;
	if (memory_find(pamh, name, &memory) == MEMORY_UNREADABLE || memory != NULL)
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
