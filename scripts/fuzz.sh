#!/usr/bin/env bash
# Runs every fuzz target of the module, one after the other. Argument: how long each one runs (30s).
set -euo pipefail

time=${1:-30s}
found=0
packages=$(go list ./...)
for package in $packages; do
	targets=$(go test -list '^Fuzz' "$package")
	for target in $targets; do
		if [[ $target != Fuzz* ]]; then
			continue # the closing line of go test
		fi
		found=$((found + 1))
		echo "fuzz: $package $target for $time"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
	done
done
if ((found == 0)); then
	echo 'fuzz: no targets found' >&2
	exit 1
fi
echo "fuzz: $found targets passed"
