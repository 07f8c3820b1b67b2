#!/usr/bin/env bash
# Runs the Go tests with the race detector. A package that fails gets one more try, alone and
# with a loud word: a timing that a busy machine broke is told apart from what is broken, and
# stands in the log to be mended.
#
# `go vet` has run before, with more checks than `go test` would make once more.
#
#   scripts/gotest.sh [go test arguments and packages]
set -uo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
go test -race -vet=off -count=1 -timeout 20m "$@" 2>&1 | tee "$log" && exit 0
failed=$(sed -n -E 's/^FAIL[[:space:]]+([^[:space:]]+)[[:space:]].*/\1/p' "$log" | sort -u)
if [ -z "$failed" ] || grep -q -E '\[(build|setup) failed\]' "$log"; then exit 1; fi
echo "UNSTABLE: failed at the first try: $failed" >&2
# shellcheck disable=SC2086 # one argument a package
go test -race -vet=off -count=1 -timeout 20m -p 1 $failed
