#!/usr/bin/env bash
# The end-to-end run: sets up what is missing, plays the story, and checks the bundle of evidence as
# a stranger would. See e2e/README.md.
#
#   EVIDENCE_DIR=DIR      where the bundle goes (./evidence)
#   EVIDENCE_BASE=BRANCH  what the patches start from (origin/main): the commit where HEAD left it
#   E2E_CONTAINERS=off    plain processes instead of containers; the report says so
#   E2E_MONGO_IMAGE=IMAGE MongoDB itself instead of FerretDB, such as mongo:8
#   CHROMIUM=FILE         another browser than /usr/bin/chromium
set -euo pipefail
cd "$(dirname "$0")/.."

export EVIDENCE_DIR=${EVIDENCE_DIR:-$PWD/evidence} EVIDENCE_BASE=${EVIDENCE_BASE:-origin/main}
case $EVIDENCE_DIR in /*) ;; *) EVIDENCE_DIR=$PWD/$EVIDENCE_DIR ;; esac

# An engine that was not there before is not there afterwards.
if [ "${E2E_CONTAINERS:-on}" != off ] && ! docker info >/dev/null 2>&1; then
  stop_engine() {
    local pid i
    pid=$(cat /var/run/docker.pid 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    for ((i = 0; i < 100; i++)); do
      kill -0 "$pid" 2>/dev/null || return 0
      sleep 0.1
    done
  }
  trap stop_engine EXIT
fi
bash scripts/setup.sh

browser=e2e/browser
if [ "$browser/node_modules/.package-lock.json" -ot "$browser/package-lock.json" ]; then
  (cd "$browser" && npm ci --engine-strict --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json)
fi

cd e2e
export CGO_ENABLED=0 GOFLAGS=-trimpath # as everything else is built that has no race detector in it
go test -count=1 -v -timeout 15m -run '^TestStory$' .
go run ./cmd/evidence-verify -repo .. "$EVIDENCE_DIR"
