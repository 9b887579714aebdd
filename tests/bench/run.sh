#!/usr/bin/env bash
# The benchmark: what the appliance takes, beside what the bare engine, OpenSSH and git take for the
# same in the same run; so what counts are ratios.
#
#   tests/bench/run.sh [--check] [--write] [ROW...]
#
# --check   exit non-zero if a row is missed
# --write   put the table into docs/performance.md
# ROW       words of rows to measure, for example: push memory (default: all, about 20 minutes)
#
# Must run as root: it enters the appliance's container. The repositories of the git rows are made once
# and kept below DOKKU_BENCH_CACHE (~/.cache/dokku-bench).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=image/lib.sh
. "$root/image/lib.sh"
[[ ${1-} != --help ]] || { sed -n '2,12s/^# \{0,1\}//p' "$0" && exit 0; }

engine_up
export DOCKER
export DOKKU_TEST_IMAGE=${DOKKU_TEST_IMAGE:-dokku/dokku:test}
for pair in git:git ssh:openssh-client sshd:openssh-server curl:curl python3:python3 ab:apache2-utils nsenter:util-linux perl:perl time:time; do need "${pair%%:*}" "${pair##*:}"; done
"$root/image/build.sh" --tag "$DOKKU_TEST_IMAGE" >/dev/null
debian_base debian:trixie-slim trixie
if ! have_image dokku-bench-base; then
  say "Making the base image of the app that is pushed"
  retry 3 "$DOCKER" build -q -t dokku-bench-base "$here/base" >/dev/null
fi
PYTHONDONTWRITEBYTECODE=1 exec python3 "$here/bench.py" "$@"
