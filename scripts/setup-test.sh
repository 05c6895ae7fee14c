#!/usr/bin/env bash
# Makes sure that what the tests need is on this machine: a C compiler with its library's headers (the race detector needs
# them), redis-server, and Chromium for the tests in a browser. Installs what is missing on Debian and its kin, as root or with sudo that asks no password; else it
# says what to run and fails.
set -euo pipefail

# missing prints the Debian packages that are not there, one a line.
missing() {
	if ! command -v gcc >/dev/null; then
		printf '%s\n' gcc libc6-dev
	elif ! printf '#include <stdlib.h>\n' | gcc -E -x c - >/dev/null 2>&1; then
		echo libc6-dev
	fi
	if ! command -v redis-server >/dev/null; then
		echo redis-server
	fi
	if ! command -v chromium >/dev/null; then
		echo chromium
	fi
}

# refuse says what a person has to run.
refuse() {
	echo "setup-test: $1. Run this as root, then try again:" >&2
	echo "  apt-get update && apt-get install -y --no-install-recommends ${packages[*]}" >&2
	exit 1
}

mapfile -t packages < <(missing)
if ((${#packages[@]} == 0)); then
	exit 0
fi

if ! command -v apt-get >/dev/null; then
	refuse "the tests need ${packages[*]}, and there is no apt-get here"
fi
as_root=()
if ((EUID != 0)); then
	if ! sudo -n true >/dev/null 2>&1; then
		refuse "the tests need ${packages[*]}, and installing them needs root"
	fi
	as_root=(sudo -n)
fi

echo "setup-test: installing ${packages[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"

mapfile -t packages < <(missing)
if ((${#packages[@]} > 0)); then
	refuse "${packages[*]} still missing after the installation"
fi
