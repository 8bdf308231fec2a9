/* SPDX-License-Identifier: BSD-3-Clause */
#include "pam_kling/standing.h"

#include "lib/base/clock.h"
#include "lib/base/reason.h"

void standing_without_store(const struct request *request, struct visitor *visitor)
{
	const struct arrival arrival = request_arrival(request);
	*visitor = visitor_at_door(&request->rules, &arrival);
}

static void trouble(struct visitor *visitor, enum status status)
{
	visitor->standing = STANDING_TROUBLE;
	visitor->trouble = reason_of(status);
}

static enum status read_grace(struct store *store, const struct who *who, struct grace *grace)
{
	AUTO_ACCOUNT account = ACCOUNT_CLOSED;
	enum status status = account_lock(store, who, &account);
	if (status == ST_OK)
		*grace = account.state->grace;
	return status;
}

static enum status find_enrollment(const struct request *request, struct store *store,
				   struct visitor *visitor)
{
	bool enrolled = false;
	enum status status = account_is_enrolled(store, &request->who, &enrolled);
	if (status != ST_OK)
		return status;
	visitor->standing = enrolled ? STANDING_ENROLLED : STANDING_NOT_ENROLLED;
	if (enrolled || request->rules.second_factor != SECOND_FACTOR_REQUIRED)
		return ST_OK;
	return read_grace(store, &request->who, &visitor->grace);
}

void standing_find(const struct request *request, struct store *store, enum status opened,
		   struct visitor *visitor)
{
	standing_without_store(request, visitor);
	int64_t wall = 0;
	enum status status = clock_wall(&wall);
	if (status != ST_OK) {
		trouble(visitor, status);
		return;
	}
	visitor->wall = wall;
	if (visitor->standing == STANDING_UNKNOWN)
		return;
	if (opened == ST_UNINITIALISED) {
		visitor->standing = STANDING_UNINITIALISED;
		return;
	}
	status = find_enrollment(request, store, visitor);
	if (status != ST_OK)
		trouble(visitor, status);
}
