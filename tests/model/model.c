/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/model.h"

#include "lib/factor/totp.h"

#include <string.h>

enum { DAY = 86400, HOUR = 3600, KNOWN_FOR = 30 * DAY, CLOCK_SLACK = 30 };

static const int64_t never = INT64_MAX;

/* --- time ------------------------------------------------------------------------------------- */

/* Within a boot its own clock counts. Across boots the wall clock says what passed, at least as
 * much as this boot has lasted. */
static void catch_up(const struct model *m, struct model_user *u)
{
	int64_t passed = m->wall - u->wall > m->boot ? m->wall - u->wall : m->boot;
	int64_t shift = m->boot - u->boot - passed;
	for (size_t i = 0; i < LEDGER_COUNT && u->boots != m->boots; i++) {
		struct count *c = &u->counts[i];
		c->last_use += shift;
		if (c->until != 0 && c->until != never)
			c->until = c->until + shift > m->boot ? c->until + shift : 0;
	}
	u->boots = m->boots;
	u->boot = m->boot;
	u->wall = m->wall;
}

/* --- ledgers ---------------------------------------------------------------------------------- */

static bool is_idle(const struct model *m, const struct count *c)
{
	bool open = c->until <= m->boot;
	bool clean = c->fails == 0 && c->run == 0 && c->doublings == 0;
	return open && (clean || m->boot - c->last_use >= KNOWN_FOR);
}

/* Of `count` slots: a free one, else the one used longest ago among those that may go. */
static struct count *find_room(const struct model *m, struct count *slots, size_t count, bool idle)
{
	struct count *best = NULL;
	for (struct count *c = slots; c < slots + count; c++) {
		if (c->in_use && idle && !is_idle(m, c))
			continue;
		if (best == NULL || (best->in_use && !c->in_use) ||
		    (best->in_use && c->last_use < best->last_use))
			best = c;
	}
	return best;
}

static size_t other_caller(const struct model *m, struct model_user *u, unsigned uid)
{
	struct count *slots = &u->counts[LEDGER_LOCAL_OTHER];
	for (size_t i = 0; i < 4; i++)
		if (slots[i].in_use && slots[i].uid == uid)
			return LEDGER_LOCAL_OTHER + i;
	struct count *room = find_room(m, slots, 4, true);
	if (room == NULL)
		return LEDGER_LOCAL_REST;
	*room = (struct count){.in_use = true, .uid = uid, .last_use = m->boot};
	return (size_t)(room - u->counts);
}

static struct address address_of(const struct door *door)
{
	const struct origin origin = origin_of(door->rhost != NULL ? door->rhost : "");
	return address_source(&origin.address);
}

static struct count *find_known(struct model_user *u, const struct address *source)
{
	for (size_t i = LEDGER_KNOWN; i < LEDGER_COUNT; i++)
		if (u->counts[i].in_use && address_equal(&u->counts[i].source, source))
			return &u->counts[i];
	return NULL;
}

static size_t ledger_of(const struct model *m, struct model_user *u, const struct door *door)
{
	struct address source = address_of(door);
	const struct count *known = find_known(u, &source);
	if (m->rules.one_ledger)
		return LEDGER_STRANGERS;
	if (door->kind == SOURCE_KEYED)
		return LEDGER_KEYED;
	if (door->kind == SOURCE_CONSOLE)
		return LEDGER_CONSOLE;
	if (door->kind == SOURCE_LOCAL && (door->self || door->uid == 0))
		return door->self ? LEDGER_LOCAL_SELF : LEDGER_LOCAL_ROOT;
	if (door->kind == SOURCE_LOCAL)
		return other_caller(m, u, door->uid);
	if (known != NULL && m->boot - known->last_use < KNOWN_FOR)
		return (size_t)(known - u->counts);
	return LEDGER_STRANGERS;
}

static bool is_capped(const struct model *m, const struct model_user *u, size_t ledger)
{
	return ledger == LEDGER_STRANGERS && m->rules.cap != 0 &&
	       u->counts[ledger].run >= m->rules.cap;
}

static const char *barred(const struct model *m, const struct model_user *u, size_t ledger)
{
	if (is_capped(m, u, ledger))
		return "cap";
	return m->rules.tries != 0 && u->counts[ledger].until > m->boot ? "locked" : NULL;
}

static int64_t lock_length(const struct model *m, size_t ledger, unsigned doublings)
{
	int64_t length = m->rules.duration;
	int64_t longest = length > m->rules.longest ? length : m->rules.longest;
	if (length == 0)
		return never;
	for (; doublings > 0 && ledger != LEDGER_CONSOLE && length < longest; doublings--)
		length = length * 2 < longest ? length * 2 : longest;
	return length;
}

static void charge(const struct model *m, struct model_user *u, struct verdict *v)
{
	struct count *c = &u->counts[v->ledger];
	int64_t length = lock_length(m, v->ledger, c->doublings);
	c->last_use =
	    v->ledger >= LEDGER_LOCAL_OTHER && v->ledger < LEDGER_KNOWN ? m->boot : c->last_use;
	c->run++;
	v->fails = ++c->fails;
	bool full = m->rules.tries != 0 && c->fails >= m->rules.tries;
	if (full) {
		c->until = length == never ? never : m->boot + length;
		c->fails = 0;
		c->doublings++;
	}
	v->caps = is_capped(m, u, v->ledger);
	v->locks = full && !v->caps;
}

static void clear(struct count *c)
{
	*c = (struct count){
	    .in_use = c->in_use, .uid = c->uid, .source = c->source, .last_use = c->last_use};
}

/* --- codes ------------------------------------------------------------------------------------ */

/* The latest step in the window at which the digits are the device's code; 0: none. */
static uint64_t step_of(const struct model *m, const struct device *d, const char *digits)
{
	uint64_t now = (uint64_t)(m->wall / d->token.period + d->token.offset);
	char code[9];
	for (uint64_t step = now + m->rules.window; step + m->rules.window >= now; step--)
		if (totp_code(&d->token, step, code) == ST_OK && strcmp(code, digits) == 0)
			return step;
	return 0;
}

/* A step counts once, and only when it is later than the last; a used one is charged once. */
static const char *try_digits(const struct model *m, struct model_user *u, const char *digits,
			      bool *wrong)
{
	bool fresh = false, used = false;
	uint64_t steps[TOKENS_MAX];
	*wrong = false;
	if (u->highest - m->wall > CLOCK_SLACK)
		return "clock-back";
	for (size_t i = 0; i < u->device_count; i++) {
		struct device *d = &u->devices[i];
		steps[i] = step_of(m, d, digits);
		fresh |= steps[i] > d->last;
		d->last = steps[i] > d->last ? steps[i] : d->last;
	}
	for (size_t i = 0; i < u->device_count && !fresh; i++) {
		struct device *d = &u->devices[i];
		used |= steps[i] != 0;
		*wrong |= steps[i] != 0 && steps[i] != d->charged;
		d->charged = steps[i] != 0 ? steps[i] : d->charged;
	}
	*wrong |= !fresh && !used;
	return fresh ? "ok" : used ? "replay" : "bad-code";
}

static const char *try_code(struct model_user *u, const struct reply *reply, bool *wrong)
{
	uint32_t bit = 1U << reply->index;
	*wrong = true;
	if (reply->set == 0 || reply->set != u->set || reply->index >= u->code_count)
		return "bad-code";
	if ((u->spent & bit) != 0)
		return "replay";
	u->spent |= bit;
	*wrong = false;
	return "ok";
}

/* --- a login ---------------------------------------------------------------------------------- */

static int64_t grace_end(const struct model *m, const struct model_user *u, int64_t now)
{
	int64_t end = u->grace_extended;
	if (end == 0)
		end = (u->grace_start != 0 ? u->grace_start : now) + m->rules.grace;
	return u->grace_ended && now < end ? now : end;
}

bool model_arrive(const struct model *m, unsigned user, const char **foregone, struct verdict *v)
{
	const struct model_user *u = &m->users[user];
	int64_t now = m->wall > u->grace_seen ? m->wall : u->grace_seen;
	*foregone = NULL;
	*v = (struct verdict){.event = "deny", .reason = "internal"};
	if (u->enrolled)
		return true;
	if (m->rules.optional || now < grace_end(m, u, now)) {
		*v = (struct verdict){.event = "pass",
				      .reason = m->rules.optional ? "optional" : "grace"};
		return false;
	}
	*foregone = "not-enrolled";
	return true;
}

static const char *unheard(const struct reply *reply)
{
	static const char *const reasons[] = {"no-answer", "blind-conversation", "host-refused",
					      "conv"};
	return reply->typed <= TYPED_GONE ? reasons[reply->typed] : NULL;
}

static const char *try_reply(const struct model *m, struct model_user *u, const struct reply *reply,
			     bool *wrong)
{
	*wrong = true;
	if (reply->typed == TYPED_DIGITS)
		return try_digits(m, u, reply->text, wrong);
	return reply->typed == TYPED_CODE ? try_code(u, reply, wrong) : "bad-code";
}

static void hear(struct model *m, struct model_user *u, const struct door *door,
		 const struct reply *reply, struct verdict *v)
{
	struct model_user after = *u;
	bool wrong = false;
	catch_up(m, &after);
	v->has_ledger = true;
	v->ledger = ledger_of(m, &after, door);
	v->fails = after.counts[v->ledger].fails;
	v->reason = barred(m, &after, v->ledger);
	if (v->reason != NULL)
		return;
	v->reason = try_reply(m, &after, reply, &wrong);
	if (wrong) {
		charge(m, &after, v);
	} else if (strcmp(v->reason, "ok") == 0) {
		clear(&after.counts[v->ledger]);
		after.highest = m->wall > after.highest ? m->wall : after.highest;
		v->event = "accept";
		v->fails = 0;
	} else {
		return;
	}
	*u = after;
}

void model_judge(struct model *m, unsigned user, const struct door *door, const struct reply *reply,
		 const char *foregone, struct verdict *v)
{
	*v = (struct verdict){.event = "deny", .reason = unheard(reply)};
	if (v->reason != NULL)
		return;
	if (foregone != NULL)
		v->reason = foregone;
	else if (!m->users[user].enrolled)
		v->reason = "not-enrolled";
	else
		hear(m, &m->users[user], door, reply, v);
}

/* The ninth takes the place of the one used longest ago; refreshed at most daily. */
static void remember_source(const struct model *m, struct model_user *u, const struct door *door)
{
	struct model_user after = *u;
	struct address source = address_of(door);
	if (source.family == 0)
		return;
	catch_up(m, &after);
	struct count *c = find_known(&after, &source);
	if (c != NULL && m->boot - c->last_use < DAY)
		return;
	if (c == NULL)
		c = find_room(m, &after.counts[LEDGER_KNOWN], LEDGER_COUNT - LEDGER_KNOWN, false);
	if (c->in_use && address_equal(&c->source, &source) && m->boot - c->last_use < KNOWN_FOR)
		c->last_use = m->boot;
	else
		*c = (struct count){.in_use = true, .source = source, .last_use = m->boot};
	*u = after;
}

/* The grace begins with the first login; what was seen of the clock is kept by the hour. */
static bool meet_grace(const struct model *m, struct model_user *u)
{
	struct model_user after = *u;
	int64_t now = m->wall > u->grace_seen ? m->wall : u->grace_seen;
	int64_t end = grace_end(m, u, now);
	bool begins = u->grace_start == 0 && now < end;
	catch_up(m, &after);
	after.has_state = true;
	after.grace_seen = now;
	if (begins)
		after.grace_start = now;
	u->has_state = true;
	if (begins || now - u->grace_seen >= HOUR || (u->grace_seen < end && now >= end))
		*u = after;
	return now < end;
}

bool model_account(struct model *m, unsigned user, const struct door *door, bool accepted)
{
	struct model_user *u = &m->users[user];
	if (accepted)
		remember_source(m, u, door);
	else if (!m->rules.optional)
		return meet_grace(m, u);
	return true;
}

void model_charge(struct model *m, unsigned user, const struct door *door)
{
	struct model_user *u = &m->users[user];
	struct verdict v = {0};
	catch_up(m, u);
	v.ledger = ledger_of(m, u, door);
	charge(m, u, &v);
}

/* --- the administrator ------------------------------------------------------------------------ */

enum { DONE = 0, REFUSED = 1, NO_USER = 4 };

int model_unlock(struct model *m, unsigned user)
{
	struct model_user *u = &m->users[user];
	if (!u->has_state)
		return DONE;
	catch_up(m, u);
	for (size_t i = 0; i < LEDGER_COUNT; i++)
		clear(&u->counts[i]);
	u->highest = u->highest > m->wall ? m->wall : u->highest;
	return DONE;
}

static void put_codes(struct model_user *u, uint32_t set)
{
	u->set = set;
	u->set_known = false;
	u->code_count = MODEL_FRESH_CODES;
	u->spent = 0;
}

int model_codes(struct model *m, unsigned user, uint32_t set)
{
	if (!m->users[user].enrolled)
		return NO_USER;
	put_codes(&m->users[user], set);
	return DONE;
}

static size_t find_device(const struct model_user *u, const char *label)
{
	size_t i = 0;
	while (i < u->device_count && strcmp(u->devices[i].token.label, label) != 0)
		i++;
	return i;
}

static void put_device(struct model_user *u, const char *label)
{
	struct device *d = &u->devices[u->device_count++];
	/* Its secret is not known yet. */
	*d = (struct device){
	    .token = {.algorithm = TOKEN_SHA1, .digits = 6, .period = 30, .secret_length = 20}};
	if (label != NULL)
		memcpy(d->token.label, label, strlen(label));
}

int model_replace(struct model *m, unsigned user, uint32_t set)
{
	struct model_user *u = &m->users[user];
	u->has_state = u->enrolled = true;
	u->device_count = 0;
	put_device(u, NULL);
	put_codes(u, set);
	return DONE;
}

int model_add(struct model *m, unsigned user, const char *label, uint32_t set)
{
	struct model_user *u = &m->users[user];
	if (!u->enrolled) {
		(void)model_replace(m, user, set);
		u->device_count = 0;
	} else if (label == NULL || find_device(u, label) < u->device_count ||
		   u->device_count == TOKENS_MAX ||
		   (u->device_count + 1) * (2 * (size_t)m->rules.window + 1) > CANDIDATES_MAX) {
		return REFUSED;
	}
	put_device(u, label);
	return DONE;
}

int model_remove(struct model *m, unsigned user, const char *label)
{
	struct model_user *u = &m->users[user];
	if (!u->enrolled)
		return NO_USER;
	size_t i = label != NULL ? find_device(u, label) : 0;
	if (i == u->device_count)
		return REFUSED;
	if (label == NULL || u->device_count == 1) {
		u->enrolled = false;
		u->device_count = 0;
		u->set = u->code_count = u->spent = 0;
		return DONE;
	}
	u->device_count--;
	memmove(&u->devices[i], &u->devices[i + 1], (u->device_count - i) * sizeof(u->devices[0]));
	return DONE;
}

int model_resync(struct model *m, unsigned user, size_t device, uint64_t second)
{
	struct model_user *u = &m->users[user];
	if (!u->enrolled)
		return NO_USER;
	struct device *d = &u->devices[device];
	d->token.offset = (int32_t)((int64_t)second - m->wall / d->token.period);
	d->last = second;
	u->highest = u->highest > m->wall ? m->wall : u->highest;
	return DONE;
}

int model_grace(struct model *m, unsigned user, int64_t extend)
{
	struct model_user *u = &m->users[user];
	int64_t now = m->wall;
	if (u->enrolled)
		return REFUSED;
	u->has_state = true;
	if (extend == 0) {
		u->grace_ended = true;
		return DONE;
	}
	if (u->grace_start == 0 || u->grace_start > now)
		u->grace_start = now;
	int64_t end = u->grace_extended != 0 ? u->grace_extended : u->grace_start + m->rules.grace;
	u->grace_extended = (u->grace_ended || end < now ? now : end) + extend;
	u->grace_ended = false;
	u->grace_seen = now;
	return DONE;
}
