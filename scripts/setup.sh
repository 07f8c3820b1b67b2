#!/usr/bin/env bash
# Installs and starts what the tests need beside Go and Node: Chromium, fonts, strace, a Docker engine.
#
# Quick and silent where all is there; run it as often as you like. As root it installs with apt
# and starts the engine; anybody else is told, in one line, what is missing.
#
#   CHROMIUM=/path/to/chromium   a browser of your own; nothing is installed then
#   E2E_CONTAINERS=off           the end-to-end run does without Docker, and so does this script
#   DOCKERD_LOG=FILE             where the engine that this script starts writes its log
set -euo pipefail

readonly engine_log=${DOCKERD_LOG:-/var/log/liveassist-dockerd.log}
readonly engine_wait=30 # seconds until an engine that was started must answer

fail() {
  echo "setup: $*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

engine_answers() { docker info >/dev/null 2>&1; }

# install PACKAGE... with apt, all that is missing at once.
install() {
  [ "$(id -u)" = 0 ] || fail "missing: $*. Install it (apt-get install $*), or run this script as root"
  has apt-get || fail "missing: $*. This machine has no apt-get; install it by hand"
  echo "setup: installing $*" >&2
  local log
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install $*; its last lines stand above"
  fi
  rm -f "$log"
}

# start_engine FLAG... starts dockerd in a session of its own and waits until it answers.
start_engine() {
  setsid dockerd "$@" >"$engine_log" 2>&1 </dev/null &
  local pid=$! i
  for ((i = 0; i < engine_wait * 5; i++)); do
    engine_answers && return 0
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.2
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  return 1
}

has go || fail "Go is missing; the version that go.mod names or a newer one is needed"
if ! has node || ! has npm; then fail "Node.js 20.19 or newer and npm are needed for the web app and the browser tests"; fi

missing=()
has git || missing+=(git)
# The power-loss test records what the server writes; strace exists on Linux alone.
[ "$(uname -s)" != Linux ] || has strace || missing+=(strace)
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || { [ -z "${CHROMIUM:-}" ] || fail "CHROMIUM=$CHROMIUM is not a program"; missing+=(chromium); }
# Without any font the pictures of the evidence would show boxes.
if [ ! -d /usr/share/fonts ] || [ -z "$(find -L /usr/share/fonts -name '*.[to]tf' -print -quit)" ]; then missing+=(fonts-dejavu-core); fi

containers=true
[ "${E2E_CONTAINERS:-on}" != off ] || containers=false
if $containers && ! engine_answers; then
  # The client alone is not enough, and dockerd publishes ports with iptables.
  has docker && has dockerd || missing+=(docker.io)
  has iptables || missing+=(iptables)
fi

[ ${#missing[@]} = 0 ] || install "${missing[@]}"
if ! $containers || engine_answers; then exit 0; fi

[ "$(id -u)" = 0 ] || fail "no Docker engine answers for $(id -un). Start it, join the group docker, or set E2E_CONTAINERS=off"
# Plain dockerd (overlay2, bridge, iptables) works on Debian 12, in virtual machines too. The
# other lines are for sandboxes that lack the kernel's parts: without iptables the ports are
# still published by docker-proxy, and vfs needs no overlay file system.
start_engine || start_engine --iptables=false || start_engine --iptables=false --storage-driver=vfs || {
  tail -n 5 "$engine_log" >&2
  fail "dockerd does not start (all of $engine_log); E2E_CONTAINERS=off does without it"
}
