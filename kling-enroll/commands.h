/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef KLING_ENROLL_COMMANDS_H
#define KLING_ENROLL_COMMANDS_H

#include "kling-enroll/options.h"

/* One function a command, each in the file of its name. */
enum exit_code cmd_init(struct tool *tool);
enum exit_code cmd_add(struct tool *tool);
enum exit_code cmd_codes(struct tool *tool);
enum exit_code cmd_verify(struct tool *tool);
enum exit_code cmd_status(struct tool *tool);
enum exit_code cmd_password(struct tool *tool);
enum exit_code cmd_list(struct tool *tool);
enum exit_code cmd_unlock(struct tool *tool);
enum exit_code cmd_remove(struct tool *tool);
enum exit_code cmd_grace(struct tool *tool);
enum exit_code cmd_resync(struct tool *tool);
enum exit_code cmd_import(struct tool *tool);
enum exit_code cmd_check(struct tool *tool);
enum exit_code cmd_rekey(struct tool *tool);
enum exit_code cmd_prune(struct tool *tool);

/* status without a name: cmd_list's work. The store is open. */
enum exit_code status_of_everybody(struct tool *tool);

#endif
