/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_CONFIG_TEXT_H
#define KLING_ENROLL_CONFIG_TEXT_H

#include "lib/conf/settings.h"
#include "lib/show/out.h"

/*
 * Why a configuration did not load, without the place: the option, its value, what is wrong with it
 * and what it may be; or the word that was not understood.
 */
void config_problem(struct out *out, const struct conf_error *error);

#endif
