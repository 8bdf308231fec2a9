#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# exports.sh [MODULE]: the module exports the entry points of a PAM module and nothing else.
. "${0%/*}/common.sh"
module=${1-$KLING_MODULE}
wanted='pam_sm_acct_mgmt
pam_sm_authenticate
pam_sm_chauthtok
pam_sm_close_session
pam_sm_open_session
pam_sm_setcred'

[ -f "$module" ] || skip "$module is not built"
exported=$("${NM:-nm}" -D --defined-only "$module" | awk '{ sub(/@.*/, "", $3); print $3 }' | sort)
for symbol in $exported; do
	case "
$wanted
" in
	*"
$symbol
"*) ;;
	*) complain "$module exports $symbol" ;;
	esac
done
for symbol in $wanted; do
	echo "$exported" | grep -qx "$symbol" || complain "$module does not export $symbol"
done
finish
