# SPDX-License-Identifier: BSD-3-Clause
# Links of a document as it is installed: all documents in one directory, the rest only in the sources.
s,\[docs/,[,g
s,](docs/,](,g
s,](\.\./\([A-Z]*\.md\)),](\1),g
s,\[\([^]]*\)\](\(\.\./packaging/[^)]*\|CONTRIBUTING\.md\|COPYING\)),\1 in the sources,g
