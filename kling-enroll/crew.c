/* SPDX-License-Identifier: BSD-3-Clause */
#include "kling-enroll/crew.h"

#include "lib/base/vault.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shift {
	void (*each)(void *context, struct tool *tool, size_t item);
	void *context;
	size_t count;
	atomic_size_t next;
};

struct worker {
	struct shift *shift;
	struct tool *tool;
};

static void *work(void *context)
{
	const struct worker *worker = context;
	struct shift *shift = worker->shift;
	size_t item;

	while ((item = atomic_fetch_add(&shift->next, 1)) < shift->count)
		shift->each(shift->context, worker->tool, item);
	return NULL;
}

static size_t wanted_size(size_t per_processor, size_t most)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t size = (size_t)(processors > 0 ? processors : 1) * per_processor;

	most = most > CREW_MOST ? CREW_MOST : most;
	size = size > most ? most : size;
	return size > 0 ? size : 1;
}

static enum status open_own(struct tool *tool, struct vault *vault)
{
	struct safe_way way = {NULL, 0, 0};

	return store_open_along(&way, vault, &tool->place, &tool->store);
}

enum status crew_hire(struct crew *crew, const struct tool *tool, size_t per_processor, size_t most)
{
	size_t size = wanted_size(per_processor, most);

	*crew = (struct crew){.tools = calloc(size, sizeof(*crew->tools)),
			      .vaults = calloc(size, sizeof(*crew->vaults))};
	if (!crew->tools || !crew->vaults)
		return ST_NOMEM;
	for (; crew->size < size; crew->size++) {
		struct tool *own = &crew->tools[crew->size];
		*own = *tool;
		enum status s = open_own(own, &crew->vaults[crew->size]);
		if (s != ST_OK)
			return s;
	}
	return ST_OK;
}

void crew_dismiss(struct crew *crew)
{
	for (size_t i = 0; i < crew->size; i++) {
		store_close(&crew->tools[i].store);
		vault_close(&crew->vaults[i]);
	}
	free(crew->tools);
	free(crew->vaults);
	*crew = (struct crew){0};
}

void crew_work(struct crew *crew, size_t count,
	       void (*each)(void *context, struct tool *tool, size_t item), void *context)
{
	struct shift shift = {.each = each, .context = context, .count = count};
	struct worker workers[CREW_MOST];
	pthread_t threads[CREW_MOST];
	size_t started = 0;

	if (crew->size == 0)
		return;
	/* The first works here, so that there is one in any case. */
	for (size_t i = 0; i < crew->size; i++)
		workers[i] = (struct worker){&shift, &crew->tools[i]};
	while (started + 1 < crew->size && started + 1 < count &&
	       pthread_create(&threads[started], NULL, work, &workers[started + 1]) == 0)
		started++;
	(void)work(&workers[0]);
	for (size_t i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
}

/* In memory that the processes share. */
static struct shift *shift_new(void)
{
	void *shared = mmap(NULL, sizeof(struct shift), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return shared == MAP_FAILED ? NULL : shared;
}

/* A store of its own, as pages that a parent locked are not locked in its child. */
static void work_apart(struct shift *shift, struct tool *tool)
{
	AUTO_VAULT vault = {NULL, 0};

	tool->quiet = true;
	if (open_own(tool, &vault) != ST_OK)
		return;
	(void)work(&(struct worker){shift, tool});
	store_close(&tool->store);
}

static pid_t send_one(struct shift *shift, struct tool *tool)
{
	pid_t child = fork();

	if (child == 0) {
		work_apart(shift, tool);
		_exit(0); /* what is buffered, and the user database's place, are the parent's */
	}
	return child;
}

void crew_send(struct crew *crew, size_t count,
	       void (*each)(void *context, struct tool *tool, size_t item), void *context,
	       struct errand *errand)
{
	*errand = (struct errand){.shift = shift_new()};
	if (!errand->shift)
		return;
	*errand->shift = (struct shift){.each = each, .context = context, .count = count};
	while (errand->sent < crew->size && errand->sent < count &&
	       (errand->children[errand->sent] =
		    send_one(errand->shift, &crew->tools[errand->sent])) > 0)
		errand->sent++;
}

void errand_await(struct errand *errand)
{
	for (size_t i = 0; i < errand->sent; i++)
		while (waitpid(errand->children[i], NULL, 0) < 0 && errno == EINTR)
			;
	if (errand->shift)
		(void)munmap(errand->shift, sizeof(*errand->shift));
	errand->sent = 0;
	errand->shift = NULL;
}
