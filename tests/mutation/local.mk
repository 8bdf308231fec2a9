# SPDX-License-Identifier: BSD-3-Clause
#
# make check-mutation: breaks the code in many places, one at a time, in a copy, and asks which
# breakage no test notices. It takes hours; MUTATIONS="--only policy/ --count 40" takes less.
EXTRA_DIST += tests/mutation/mutate.py
MUTATIONS = --count 240

check-mutation:
	abs_top_srcdir='$(abs_top_srcdir)' python3 $(srcdir)/tests/mutation/mutate.py \
		--work '$(abs_builddir)/mutation' $(MUTATIONS)
.PHONY: check-mutation
