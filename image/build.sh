#!/usr/bin/env bash
# Builds dokku/dokku:latest on any machine with a Docker engine, and starts one where none answers.
#
#   image/build.sh [--tag NAME] [--from host|docker]
#
# --from host     hands in the binary that cargo builds here (the default on Linux with cargo: the
#                 dependencies stay compiled from one build to the next)
# --from docker   compiles inside the build, which needs a registry; the same as `docker build .`
#
# Both ways use the one Dockerfile. Where no registry answers, the base image is made from Debian
# packages and kept under the name of the public one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=image/lib.sh
. "$here/lib.sh"

tag=dokku/dokku:latest from=
while (($#)); do
  case $1 in
    --tag) tag=${2:?--tag NAME} && shift ;;
    --from) from=${2:?--from host|docker} && shift ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0" && exit 2 ;;
  esac
  shift
done

engine_up
if [[ -z $from ]]; then
  from=docker
  # A binary of this machine runs in the image only if both are the same kind of Linux.
  if [[ $(uname -s) == Linux ]] && command -v cargo >/dev/null; then
    case $(uname -m)/$("$DOCKER" version --format '{{.Server.Arch}}') in
      x86_64/amd64 | aarch64/arm64) from=host ;;
    esac
  fi
fi

version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
revision=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || true)
arguments=(--tag "$tag" --build-arg "DOKKU_TAG=$version" --build-arg "DOKKU_REVISION=$revision")
for name in http_proxy https_proxy no_proxy; do
  [[ -z ${!name:-} ]] || arguments+=(--build-arg "$name=${!name}")
done

started=$SECONDS
debian_base debian:trixie-slim trixie
if [[ $from == docker ]]; then
  say "Building $tag, the binary with it"
  "$DOCKER" build "${arguments[@]}" "$root"
else
  command -v cc >/dev/null || apt_install gcc libc6-dev
  cargo_target
  say "Compiling the binary"
  (cd "$root" && cargo build --locked --profile ci --bins)
  say "Building $tag"
  context=$(mktemp -d)
  trap 'rm -rf "$context"' EXIT
  cp "$root/Dockerfile" "$context/"
  cp -a "$here" "$context/image"
  mkdir "$context/image/given"
  for name in dokku dokku-init dokku-serve; do cp "$CARGO_TARGET_DIR/ci/$name" "$context/image/given/"; done
  "$DOCKER" build "${arguments[@]}" --build-arg BINARY=given "$context"
fi

size=$("$DOCKER" image inspect --format '{{.Size}}' "$tag")
note "$tag: $((size / 1000000)) MB unpacked, $((SECONDS - started)) s"
