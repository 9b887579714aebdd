# Shared by the scripts of this project: finds or starts a Docker engine, makes base images where
# no registry answers, finds ports and keys. Sourced, never run; callers have `set -euo pipefail`.
# shellcheck shell=bash

say() { printf '%s\n' "-----> $*" >&2; }
note() { printf '       %s\n' "$*" >&2; }
die() {
  printf ' !     %s\n' "$@" >&2
  exit 1
}

# retry TIMES COMMAND...: downloads fail now and then; each pause is longer than the one before.
retry() {
  local times=$1 try
  shift
  for ((try = 1; ; try++)); do
    "$@" && return 0
    ((try < times)) || return 1
    note "attempt $try of $times failed: $1; again in $((try * 3)) s"
    sleep $((try * 3))
  done
}

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    die "This step needs root, and there is no sudo: $*"
  fi
}

# apt_install PACKAGE...: only on Debian and its kin; elsewhere the user is told what is missing.
APT_UPDATED=
apt_install() {
  command -v apt-get >/dev/null || die "Please install: $*"
  note "installing $* (apt)"
  if [[ -z $APT_UPDATED ]]; then
    # A list that does not load (some third party's, say) is no reason to stop: the install decides.
    retry 3 as_root apt-get update -qq >/dev/null 2>&1 || note "apt-get update reported errors"
    APT_UPDATED=1
  fi
  retry 3 as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
    </dev/null >/dev/null || die "apt-get could not install: $*"
}

# need PROGRAM PACKAGE
need() { command -v "$1" >/dev/null 2>&1 || apt_install "$2"; }

# Can this client build with BuildKit? Before release 23 it is built in, later it is a plugin.
client_can_build() {
  local release
  "$1" buildx version >/dev/null 2>&1 && return 0
  release=$("$1" --version 2>/dev/null | sed -n 's/^Docker version \([0-9]*\).*/\1/p')
  [[ -n $release ]] && ((release < 23))
}

# Sets DOCKER to a client that can build; a machine may have several under the same name.
find_client() {
  local client
  while read -r client; do
    if client_can_build "$client"; then
      DOCKER=$client
      return 0
    fi
  done < <(type -aP docker)
  return 1
}

# The packages that hold engine and client are cut differently in each Debian release.
install_engine() {
  apt_install docker.io iptables ca-certificates
  command -v docker >/dev/null || apt_install docker-cli
  find_client || apt_install docker-buildx
  hash -r
}

engine_answers() { [[ -n ${DOCKER:-} ]] && "$DOCKER" version >/dev/null 2>&1; }

# wait_for SECONDS COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

ENGINE_LOG=${TMPDIR:-/tmp}/dokku-dockerd.log

start_engine() {
  command -v dockerd >/dev/null || install_engine
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl start docker || true
    wait_for 60 engine_answers && return 0
  fi
  # A machine without an init system has often no control groups mounted either.
  if ! mountpoint -q /sys/fs/cgroup && [[ ! -e /sys/fs/cgroup/cgroup.controllers ]]; then
    as_root mount -t cgroup2 none /sys/fs/cgroup || true
  fi
  if ! as_root iptables -L -n >/dev/null 2>&1 && [[ -x /usr/sbin/iptables-legacy ]]; then
    as_root update-alternatives --set iptables /usr/sbin/iptables-legacy >/dev/null || true
    as_root update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy >/dev/null || true
  fi
  # In a session of its own and with nothing of ours open, so that no pipe of a caller waits for it.
  as_root setsid dockerd </dev/null >"$ENGINE_LOG" 2>&1 &
  disown
  wait_for 60 engine_answers || die "The Docker engine does not start: $(tail -n 1 "$ENGINE_LOG")" "See $ENGINE_LOG"
}

# After this DOCKER is a client that can build, and an engine answers it.
engine_up() {
  export DOCKER_BUILDKIT=1
  find_client || install_engine
  find_client || die "No docker client here can build with BuildKit." "Please install docker-buildx."
  engine_answers && return 0
  say "No Docker engine answers: starting one"
  start_engine
}

have_image() { "$DOCKER" image inspect "$1" >/dev/null 2>&1; }

# pull IMAGE: 0 if the registry gave it. Asked once per image and process, and never for long.
pull() { timeout "${DOKKU_PULL_SECONDS:-60}" "$DOCKER" pull -q "$1" >/dev/null 2>&1; }

# debian_base TAG SUITE: the public image if it can be had, else the same thing from packages.
debian_base() {
  have_image "$1" && return 0
  say "Getting the base image $1"
  pull "$1" && return 0
  note "no registry answers: making it from Debian packages"
  need debootstrap debootstrap
  local root
  root=$(mktemp -d)
  # /tmp may be mounted without devices, which debootstrap must be able to make.
  if ! retry 3 bootstrap "$root" "$2" "$1"; then
    as_root rm -rf "$root"
    die "debootstrap of $2 failed; its log is in $root.log"
  fi
  as_root rm -rf "$root" "$root.log"
}

bootstrap() {
  local root=$1 suite=$2 tag=$3
  as_root rm -rf "$root"
  mkdir -p "$root"
  as_root debootstrap --variant=minbase "$suite" "$root" </dev/null >"$root.log" 2>&1 || return 1
  as_root chroot "$root" apt-get clean
  # What the public slim image leaves out too.
  as_root find "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/info" "$root/usr/share/locale" \
    -mindepth 1 ! -name copyright ! -type d -delete
  as_root sh -c "rm -rf '$root'/var/lib/apt/lists/* '$root'/var/cache/apt/* '$root'/var/log/*.log"
  as_root tar -C "$root" -c . | "$DOCKER" import --change 'CMD ["bash"]' - "$tag" >/dev/null
}

# busybox_base: busybox:latest, from the registry or from the machine's static busybox.
busybox_base() {
  have_image busybox:latest && return 0
  say "Getting the base image busybox:latest"
  pull busybox:latest && return 0
  note "no registry answers: making it from Debian's busybox-static"
  local root program
  root=$(mktemp -d)
  program=$(static_busybox "$root")
  mkdir -p "$root/image/bin" "$root/image/tmp" "$root/image/root" "$root/image/etc" "$root/image/home"
  chmod 1777 "$root/image/tmp"
  cp "$program" "$root/image/bin/busybox"
  "$program" --list | grep -vx busybox | while read -r applet; do ln -s busybox "$root/image/bin/$applet"; done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$root/image/etc/passwd"
  echo 'root:x:0:' >"$root/image/etc/group"
  tar -C "$root/image" --owner=0 --group=0 -c . |
    "$DOCKER" import --change 'ENV PATH=/bin:/sbin:/usr/bin:/usr/sbin' --change 'CMD ["sh"]' - busybox:latest >/dev/null
  rm -rf "$root"
}

# Unpacked from the package rather than installed: it would push out a machine's own busybox.
static_busybox() {
  if command -v busybox >/dev/null && ! ldd "$(command -v busybox)" >/dev/null 2>&1; then
    command -v busybox
    return
  fi
  (cd "$1" && retry 3 apt-get download -qq busybox-static >/dev/null 2>&1 && dpkg-deb -x busybox-static_*.deb unpacked) ||
    die "Could not download the package busybox-static"
  if [[ -x $1/unpacked/usr/bin/busybox ]]; then echo "$1/unpacked/usr/bin/busybox"; else echo "$1/unpacked/bin/busybox"; fi
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port WANTED: that port, or the next free one above it.
free_port() {
  local port=$1
  until port_is_free "$port"; do
    port=$((port + 1))
    ((port < 65536)) || die "No free port above $1"
  done
  echo "$port"
}

# make_key FILE: an ed25519 key pair, once.
make_key() {
  [[ -f $1 ]] && return 0
  need ssh-keygen openssh-client
  mkdir -p "$(dirname "$1")"
  ssh-keygen -q -t ed25519 -N '' -C "$(basename "$1")" -f "$1"
}

# Where cargo builds, outside the clone, shared by the image's binary and the tests.
cargo_target() {
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/dokku-target}
}
