# SPDX-License-Identifier: BSD-3-Clause
#
# The files that docs/DEPLOY.md tells people to install; tests/hosts installs the same ones.
debian_examples = $(docdir)/examples/debian

debian_stacksdir = $(debian_examples)/pam.d
dist_debian_stacks_DATA = docs/examples/debian/pam.d/kling-test \
	docs/examples/debian/pam.d/login \
	docs/examples/debian/pam.d/passwd \
	docs/examples/debian/pam.d/screen-locker \
	docs/examples/debian/pam.d/sshd \
	docs/examples/debian/pam.d/sshd-key-and-code \
	docs/examples/debian/pam.d/su \
	docs/examples/debian/pam.d/sudo \
	docs/examples/debian/pam.d/sudo-i

debian_profilesdir = $(debian_examples)/pam-configs
dist_debian_profiles_DATA = docs/examples/debian/pam-configs/kling \
	docs/examples/debian/pam-configs/kling-preauth

debian_sshdir = $(debian_examples)/ssh/sshd_config.d
dist_debian_ssh_DATA = docs/examples/debian/ssh/sshd_config.d/10-kling-key-and-code.conf \
	docs/examples/debian/ssh/sshd_config.d/10-kling.conf

# What the tool and the manuals point to.
dist_doc_DATA = README.md NEWS SECURITY.md docs/ARCHITECTURE.md docs/CRYPTO.md docs/DEPLOY.md \
	docs/FORMAT.md docs/PASSWORDS.md docs/PERFORMANCE.md docs/TESTING.md
picturesdir = $(docdir)/pictures
dist_pictures_DATA = docs/pictures/sheet.png docs/pictures/terminal.png

# Installed, they lie beside each other and without the sources: links lead to what is there.
installed-links:
	cd "$(DESTDIR)$(docdir)" && sed -i -f "$(abs_srcdir)/docs/installed.sed" *.md
.PHONY: installed-links

other_fedoradir = $(docdir)/examples/fedora
dist_other_fedora_DATA = docs/examples/fedora/system-auth

other_archdir = $(docdir)/examples/arch/pam.d
dist_other_arch_DATA = docs/examples/arch/pam.d/sshd docs/examples/arch/pam.d/sudo

other_alpinedir = $(docdir)/examples/alpine/pam.d
dist_other_alpine_DATA = docs/examples/alpine/pam.d/sshd
