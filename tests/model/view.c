/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/model/view.h"

static void look_at_enrollment(struct account *account, struct view *view)
{
	AUTO_ENROLLMENT enrollment = {0};
	enum status status = account_enrollment(account, &enrollment);
	view->status = status == ST_MISSING ? ST_OK : status;
	view->enrolled = status == ST_OK;
	if (status != ST_OK)
		return;
	view->token_count = enrollment.record->token_count;
	memcpy(view->tokens, enrollment.record->tokens, sizeof(view->tokens));
	view->code_count = enrollment.record->backup.count;
	memcpy(view->salt, enrollment.record->backup.salt, sizeof(view->salt));
}

void view_take(const char *name, unsigned uid, struct view *view)
{
	AUTO_STORE store = STORE_CLOSED;
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	const struct who who = {name, uid, true};
	rig_open(&store);
	*view = (struct view){.status = account_lock(&store, &who, &account)};
	if (view->status != ST_OK)
		return;
	view->has_state = account.kind == ACCOUNT_USER;
	if (view->has_state)
		look_at_enrollment(&account, view);
	view->state = *account.state;
}

#define DIFFERS(what, got, wanted)                                                                 \
	if ((got) != (wanted))                                                                     \
	return snprintf(text, 256, "%s is %lld, expected %lld", what, (long long)(got),            \
			(long long)(wanted)) > 0

static bool counts_differ(const struct model_user *u, const struct view *v, char text[256])
{
	for (size_t i = 0; i < LEDGER_COUNT; i++) {
		const struct ledger *l = &v->state.ledgers.ledger[i];
		const struct count *c = &u->counts[i];
		char what[64];
		(void)snprintf(what, sizeof(what), "ledger %zu (%s):", i, ledger_name(i));
		int64_t is = l->code_locked_until > u->boot ? l->code_locked_until : 0;
		int64_t should = c->until > u->boot ? c->until : 0;
		if (l->code_failures != c->fails || l->code_run != c->run ||
		    l->doublings != c->doublings || is != should || l->in_use != c->in_use ||
		    (c->in_use &&
		     (l->uid != c->uid || l->last_use != c->last_use ||
		      (c->source.family != 0 && !address_equal(&l->source, &c->source)))))
			return snprintf(text, 256,
					"%s fails %u run %u doublings %u until %lld used %lld in "
					"use %d uid %u, expected %u %u %u %lld %lld %d %u",
					what, l->code_failures, l->code_run, l->doublings,
					(long long)is, (long long)l->last_use, l->in_use, l->uid,
					c->fails, c->run, c->doublings, (long long)should,
					(long long)c->last_use, c->in_use, c->uid) > 0;
	}
	DIFFERS("anchor", v->state.ledgers.anchor.boot, u->boot);
	return false;
}

static bool same_token(const struct token *a, const struct token *b)
{
	return a->id == b->id && a->offset == b->offset && a->period == b->period &&
	       a->secret_length == b->secret_length && strcmp(a->label, b->label) == 0 &&
	       memcmp(a->secret, b->secret, a->secret_length) == 0;
}

static bool devices_differ(const struct model_user *u, const struct view *v, char text[256])
{
	DIFFERS("tokens", v->token_count, u->device_count);
	DIFFERS("backup codes", v->code_count, u->code_count);
	DIFFERS("set of codes", u->set_known && memcmp(u->salt, v->salt, sizeof(u->salt)) != 0,
		false);
	DIFFERS("spent codes", v->state.spent, u->spent);
	for (size_t i = 0; i < u->device_count; i++) {
		const struct device *d = &u->devices[i];
		const struct token_use *use = &v->state.tokens[i];
		DIFFERS("id of the use", use->id, v->tokens[i].id);
		DIFFERS("last step", use->last_step, d->last);
		DIFFERS("charged step", use->repeated_step, d->charged);
		/* A new one is not known yet. */
		if (d->token.id != 0 && !same_token(&d->token, &v->tokens[i]))
			return snprintf(text, 256, "token %zu is another", i) > 0;
	}
	return false;
}

bool view_differs(const struct model_user *u, const struct view *v, char text[256])
{
	DIFFERS("status of the record", v->status, ST_OK);
	DIFFERS("a state of his own", v->has_state, u->has_state);
	if (!u->has_state)
		return false;
	DIFFERS("enrolled", v->enrolled, u->enrolled);
	DIFFERS("highest time", v->state.highest_accepted, u->highest);
	DIFFERS("grace start", v->state.grace.start, u->grace_start);
	DIFFERS("grace extended", v->state.grace.extended, u->grace_extended);
	DIFFERS("grace ended", v->state.grace.ended, u->grace_ended);
	DIFFERS("grace seen", v->state.grace.seen, u->grace_seen);
	DIFFERS("repair due", v->state.repair_due, false);
	return counts_differ(u, v, text) || (u->enrolled && devices_differ(u, v, text));
}

void view_learn(struct model_user *u, const struct view *v)
{
	for (size_t i = 0; i < u->device_count; i++)
		if (u->devices[i].token.id == 0)
			u->devices[i].token = v->tokens[i];
	memcpy(u->salt, v->salt, sizeof(u->salt));
	u->set_known = u->enrolled;
}
