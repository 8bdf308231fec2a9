# SPDX-License-Identifier: BSD-3-Clause
#
# Where each shell looks for what came with a program. zsh's directory differs:
# Debian's packages have /usr/share/zsh/vendor-completions.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_bashcompletion_DATA = kling-enroll/completions/bash/kling-enroll
dist_zshcompletion_DATA = kling-enroll/completions/zsh/_kling-enroll
dist_fishcompletion_DATA = kling-enroll/completions/fish/kling-enroll.fish
