#!/usr/bin/env bash
# Runs the Go benchmarks here and at the merge base with BASE, and compares them with benchstat.
# Rounds are interleaved: what else the machine does meanwhile then meets both alike.
set -euo pipefail
base=$1 packages=$2 count=$3
cd "$(dirname "$0")/.."
commit=$(git merge-base "$base" HEAD)
dir=$(mktemp -d)
trap 'git worktree remove --force "$dir/base" 2>/dev/null || true; rm -rf "$dir"' EXIT
git worktree add --quiet --detach "$dir/base" "$commit"
for ((i = 1; i <= count; i++)); do
  for side in base here; do
    echo "round $i of $count: $side" >&2
    where=$PWD
    if [ "$side" = base ]; then where=$dir/base; fi
    # A package that is new here is none at the base: what is there counts.
    (cd "$where" && go test -run '^$' -bench "${BENCH:-.}" -benchmem -timeout 60m $packages) >>"$dir/$side.txt" || [ "$side" = base ]
  done
done
go tool -modfile=tools/go.mod benchstat "base=$dir/base.txt" "here=$dir/here.txt"
