#!/bin/sh
# The browser tests drive Debian's Chromium. Installs it where that is possible; says plainly what to do where it is not.
set -eu
if command -v chromium >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-core >/dev/null
  exit 0
fi
echo "The browser tests need Chromium: install the package 'chromium' (on Debian: sudo apt-get install chromium), then run 'make test' again." >&2
exit 1
