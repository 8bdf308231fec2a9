/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy/access.h"

struct visitor visitor_at_door(const struct rules *rules, const struct arrival *arrival)
{
	struct visitor visitor = {
	    .standing = STANDING_TROUBLE,
	    .trouble = REASON_INTERNAL,
	    .origin = arrival->origin,
	    .console_service = word_list_has(&rules->console_services, arrival->service),
	    .local_service = word_list_has(&rules->local_services, arrival->service),
	};

	if (!arrival->exists) {
		visitor.standing = STANDING_UNKNOWN;
		visitor.trouble = arrival->path_name ? REASON_BAD_NAME : REASON_UNKNOWN;
	}
	return visitor;
}

struct source source_of(const struct rules *rules, const struct arrival *arrival)
{
	struct source source = {
	    .kind = SOURCE_STRANGER,
	    .address = arrival->origin.address,
	    .uid = arrival->caller,
	    .own = arrival->own,
	};

	if (arrival->keyed && word_list_has(&rules->key_login_services, arrival->service))
		source.kind = SOURCE_KEYED;
	else if (arrival->origin.kind == ORIGIN_NONE &&
		 word_list_has(&rules->console_services, arrival->service))
		source.kind = SOURCE_CONSOLE;
	else if (arrival->origin.kind != ORIGIN_ADDRESS &&
		 word_list_has(&rules->local_services, arrival->service))
		source.kind = SOURCE_LOCAL;
	return source;
}

enum account_caller account_caller_of(const struct rules *rules, const struct arrival *arrival,
				      bool auth_ran)
{
	if (auth_ran)
		return ACCOUNT_AFTER_AUTH;
	if (arrival->origin.kind != ORIGIN_NONE &&
	    word_list_has(&rules->key_login_services, arrival->service))
		return ACCOUNT_KEY_LOGIN;
	return ACCOUNT_OTHER;
}

static struct decision decide(enum verdict verdict, enum reason reason)
{
	return (struct decision){verdict, reason};
}

static enum reason trouble_of(const struct visitor *visitor)
{
	return visitor->trouble == REASON_OK ? REASON_INTERNAL : visitor->trouble;
}

static enum reason unknown_of(const struct visitor *visitor)
{
	return visitor->trouble == REASON_BAD_NAME ? REASON_BAD_NAME : REASON_UNKNOWN;
}

/* Whether somebody who is not enrolled may still do without; `grace` as recorded. */
static bool grace_holds(const struct rules *rules, const struct grace *grace, int64_t wall)
{
	return deadline_view(grace, &rules->enroll, wall).phase != GRACE_OVER;
}

/* Without a store nothing is recorded: a grace that has not begun, for everybody, each time. */
static bool uninitialised_passes(const struct rules *rules, const struct visitor *visitor)
{
	const struct grace unrecorded = {0};

	return rules->second_factor == SECOND_FACTOR_OPTIONAL ||
	       grace_holds(rules, &unrecorded, visitor->wall);
}

enum reason access_origin(const struct rules *rules, const struct visitor *visitor)
{
	const struct range_list *allowed = &rules->allow_from;

	if (allowed->any)
		return REASON_OK;
	switch (visitor->origin.kind) {
	case ORIGIN_ADDRESS:
		return ranges_contain(allowed->ranges, allowed->count, &visitor->origin.address)
			   ? REASON_OK
			   : REASON_RHOST_DENIED;
	case ORIGIN_NONE:
		return visitor->console_service || visitor->local_service ? REASON_OK
									  : REASON_RHOST_DENIED;
	case ORIGIN_NAME:
		break;
	}
	return visitor->local_service ? REASON_OK : REASON_RHOST_NAME;
}

static struct decision auth_not_enrolled(const struct rules *rules, const struct visitor *visitor)
{
	if (rules->second_factor == SECOND_FACTOR_OPTIONAL)
		return decide(VERDICT_PASS, REASON_OPTIONAL);
	if (grace_holds(rules, &visitor->grace, visitor->wall))
		return decide(VERDICT_PASS, REASON_GRACE);
	return decide(VERDICT_ASK, REASON_NOT_ENROLLED);
}

struct decision access_auth(const struct rules *rules, const struct visitor *visitor)
{
	enum reason origin = access_origin(rules, visitor);

	if (origin != REASON_OK)
		return decide(VERDICT_ASK, origin);
	if (rules->second_factor == SECOND_FACTOR_OFF)
		return decide(VERDICT_PASS, REASON_OFF);
	switch (visitor->standing) {
	case STANDING_UNKNOWN:
		return decide(VERDICT_ASK, unknown_of(visitor));
	case STANDING_NOT_ENROLLED:
		return auth_not_enrolled(rules, visitor);
	case STANDING_ENROLLED:
		return decide(VERDICT_ASK, REASON_OK);
	case STANDING_UNINITIALISED:
		return decide(uninitialised_passes(rules, visitor) ? VERDICT_PASS : VERDICT_ASK,
			      REASON_NOT_INITIALISED);
	case STANDING_TROUBLE:
		break;
	}
	return decide(VERDICT_ASK, trouble_of(visitor));
}

/* Under `optional` a key alone is enough for those who have no factor to show. */
static bool key_is_enough(const struct rules *rules, const struct visitor *visitor)
{
	if (rules->public_key == PUBLIC_KEY_ACCEPT)
		return true;
	return rules->second_factor == SECOND_FACTOR_OPTIONAL &&
	       (visitor->standing == STANDING_NOT_ENROLLED ||
		visitor->standing == STANDING_UNINITIALISED);
}

static struct decision account_not_enrolled(const struct rules *rules,
					    const struct visitor *visitor)
{
	if (rules->second_factor == SECOND_FACTOR_OPTIONAL)
		return decide(VERDICT_PASS, REASON_OPTIONAL);
	if (grace_holds(rules, &visitor->grace, visitor->wall))
		return decide(VERDICT_ENROLL, REASON_GRACE);
	return decide(VERDICT_DENY, REASON_DEADLINE);
}

static struct decision account_after_auth(const struct rules *rules, const struct visitor *visitor)
{
	switch (visitor->standing) {
	case STANDING_UNKNOWN:
		return decide(VERDICT_DENY, unknown_of(visitor));
	case STANDING_NOT_ENROLLED:
		return account_not_enrolled(rules, visitor);
	case STANDING_ENROLLED:
		return decide(VERDICT_PASS, REASON_OK);
	case STANDING_UNINITIALISED:
		return decide(uninitialised_passes(rules, visitor) ? VERDICT_PASS : VERDICT_DENY,
			      REASON_NOT_INITIALISED);
	case STANDING_TROUBLE:
		break;
	}
	return decide(VERDICT_DENY, trouble_of(visitor));
}

struct decision access_account(const struct rules *rules, const struct visitor *visitor,
			       enum account_caller caller)
{
	enum reason origin = access_origin(rules, visitor);

	if (caller == ACCOUNT_OTHER)
		return decide(VERDICT_PASS, REASON_OK);
	if (origin != REASON_OK)
		return decide(VERDICT_DENY, origin);
	if (rules->second_factor == SECOND_FACTOR_OFF)
		return decide(VERDICT_PASS, REASON_OFF);
	if (caller == ACCOUNT_AFTER_AUTH)
		return account_after_auth(rules, visitor);
	return key_is_enough(rules, visitor) ? decide(VERDICT_PASS, REASON_OK)
					     : decide(VERDICT_DENY, REASON_PUBLIC_KEY);
}
