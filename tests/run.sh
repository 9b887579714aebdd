#!/usr/bin/env bash
# Every test, against a real Docker engine; starts one where none answers, and needs no registry.
#
#   tests/run.sh                  pure, command, contract, then the appliance stories
#   tests/run.sh --quick          without engine and image: what `cargo test` alone can say
#   tests/run.sh [...] PATTERN    only the tests whose name contains PATTERN
#
# The stories share the engine with whatever else runs on it: their containers, volumes, images and
# ports bear a run id, and are removed afterwards. DOKKU_TEST_THREADS (4): stories at the same time.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=image/lib.sh
. "$root/image/lib.sh"

quick='' pattern=''
while (($#)); do
  case $1 in
    --quick) quick=1 ;;
    -*) sed -n '2,9s/^# \{0,1\}//p' "$0" && exit 2 ;;
    *) pattern=$1 ;;
  esac
  shift
done

report=()
# phase NAME COMMAND...: says how long it took; the first that fails ends the run.
phase() {
  local name=$1 started=$SECONDS status=0
  shift
  say "$name"
  "$@" </dev/null || status=$?
  report+=("$(printf '%-28s %4d s' "$name" $((SECONDS - started)))")
  ((status == 0)) || {
    note "$name failed"
    summary
    exit "$status"
  }
}

summary() {
  say "Seconds per phase"
  local line
  for line in "${report[@]}"; do note "$line"; done
}

# What the stories use besides git and ssh; the ones that are missing are installed.
programs() {
  need git git
  need ssh openssh-client
  need curl curl
  need dbclient dropbear-bin
  need plink putty-tools
  # An old client; not every system has it any more.
  (need ssh1 openssh-client-ssh1) || note "no ssh1: a test of an old client is left out"
  python3 -c 'import paramiko' >/dev/null 2>&1 || apt_install python3-paramiko
  need mkfs.vfat dosfstools
  need ip iproute2
  need pebble pebble
}

images() {
  busybox_base
  "$root/image/build.sh" --tag "$DOKKU_TEST_IMAGE"
}

# Left behind by a run that was killed: its process is gone, and its containers say which it was.
sweep() {
  local id run
  "$DOCKER" ps -aq --filter label=dokku.test.run | while read -r id; do
    run=$("$DOCKER" inspect -f '{{index .Config.Labels "dokku.test.run"}}' "$id" 2>/dev/null) || continue
    kill -0 "${run%%-*}" 2>/dev/null || "$DOCKER" rm -f -v "$id" >/dev/null 2>&1 || true
  done
}

# The stories are told apart by the name of their module. A pattern narrows them by exact names,
# because several patterns of one run would add up.
stories() {
  local names
  mapfile -t names < <(tests --test suite --quiet -- --list 2>/dev/null | sed -n 's/: test$//p' | grep '^appliance::' | grep -F -- "$pattern")
  ((${#names[@]})) || return 0
  tests --test suite -- --test-threads "${DOKKU_TEST_THREADS:-4}" --exact "${names[@]}"
}

tests() { (cd "$root" && cargo test --locked --profile ci "$@"); }

cargo_target
command -v cc >/dev/null || phase "compiler" apt_install gcc libc6-dev
if [[ -n $quick ]]; then
  phase "build" tests --no-run
  phase "pure and command" tests ${pattern:+-- "$pattern"}
  summary
  exit 0
fi

engine_up
export DOCKER
export DOKKU_TEST_IMAGE=${DOKKU_TEST_IMAGE:-dokku/dokku:test}
phase "programs" programs
phase "build" tests --no-run
phase "image" images
sweep
export DOKKU_TEST_ENGINE=1
phase "pure, command, contract" tests -- --skip appliance:: ${pattern:+"$pattern"}
export DOKKU_TEST_APPLIANCE=1
phase "appliance stories" stories
summary
