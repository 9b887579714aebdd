#!/usr/bin/env bash
# The whole thing in one go: builds the image, starts the appliance, pushes the app in
# tests/fixtures/apps/hello through git and ssh, fetches its page, prints the URLs.
#
#   image/demo.sh           again is fine: it upgrades the appliance and pushes once more
#   image/demo.sh --down    removes all of it: apps, container, volume, key
#
# DOKKU_DEMO_NAME names container and volume (dokku-demo), for a second one beside the first.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
# shellcheck source=image/lib.sh
. "$here/lib.sh"

name=${DOKKU_DEMO_NAME:-dokku-demo}
app=hello
state=${XDG_CACHE_HOME:-$HOME/.cache}/$name
health=http://127.0.0.1:18080/_dokku/health

inside() { "$DOCKER" exec -i "$name" "$@"; }
published() { { "$DOCKER" port "$name" "$1/tcp" 2>/dev/null || true; } | sed -n 's/^.*://p' | head -n 1; }
healthy() { inside curl -fsS "$health"; }
page() { curl -fsS --max-time 10 --resolve "$app.localhost:$http:127.0.0.1" "http://$app.localhost:$http/"; }

# Only what this demo made: the apps that its own appliance lists.
down() {
  engine_answers || { note "no engine, nothing to remove" && return 0; }
  if healthy >/dev/null 2>&1; then
    inside dokku --quiet apps:list 2>/dev/null </dev/null | while read -r each; do
      inside dokku apps:destroy --force "$each" </dev/null || note "$each was not destroyed"
    done
  fi
  "$DOCKER" rm -f -v "$name" >/dev/null 2>&1 || true
  "$DOCKER" volume rm "$name" >/dev/null 2>&1 || true
  rm -rf "$state"
  say "Removed: container and volume $name, its apps, $state"
}

# Ports are kept from one run to the next; taken ones are passed over.
choose_ports() {
  ssh=$(published 22) http=$(published 80) https=$(published 443)
  [[ -z $ssh || -z $http || -z $https ]] || return 0
  ssh=$(free_port 3022) http=$(free_port 8080) https=$(free_port 8443)
  [[ $ssh/$http/$https == 3022/8080/8443 ]] || note "a port of 3022, 8080, 8443 is taken: using $ssh, $http, $https"
}

start() {
  choose_ports
  "$DOCKER" rm -f "$name" >/dev/null 2>&1 || true
  say "Starting the appliance $name"
  "$DOCKER" run -d --name "$name" --restart unless-stopped -p "$ssh:22" -p "$http:80" -p "$https:443" \
    -v "$name:/mnt/dokku" -v /var/run/docker.sock:/var/run/docker.sock dokku/dokku >/dev/null
  if ! wait_for 60 healthy; then
    "$DOCKER" logs --tail 20 "$name" >&2 || true
    inside curl -sS "$health?format=json" >&2 || true
    die "The appliance did not become healthy within 60 s"
  fi
}

add_key() {
  make_key "$state/id_ed25519"
  local print
  print=$(ssh-keygen -lf "$state/id_ed25519.pub" | cut -d ' ' -f 2)
  if ! inside dokku ssh-keys:list 2>/dev/null </dev/null | grep -qF "$print"; then
    inside dokku ssh-keys:remove demo >/dev/null 2>&1 </dev/null || true
    inside dokku ssh-keys:add demo <"$state/id_ed25519.pub"
  fi
}

# Each run pushes a commit of its own, so that each deploys.
push() {
  local work=$state/$app
  mkdir -p "$work"
  cp -R "$root/tests/fixtures/apps/$app/." "$work/"
  git -C "$work" init -q
  git -C "$work" symbolic-ref HEAD refs/heads/main
  git -C "$work" add -A
  git -C "$work" -c user.name=Demo -c user.email=demo@localhost -c commit.gpgsign=false commit -q --allow-empty -m "Pushed by the demo"
  GIT_SSH_COMMAND="ssh -i '$state/id_ed25519' -o IdentitiesOnly=yes -o UserKnownHostsFile='$state/known_hosts' -o StrictHostKeyChecking=no -o LogLevel=ERROR -F none" \
    git -C "$work" push --force "ssh://dokku@localhost:$ssh/$app" main
}

if [[ ${1-} == --down ]]; then
  find_client || true
  down
  exit 0
fi
[[ $# == 0 ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" && exit 2; }

need git git
need ssh openssh-client
need curl curl
"$here/build.sh"
engine_up
busybox_base
start
add_key
say "Pushing tests/fixtures/apps/$app"
pushed=$SECONDS
push
wait_for 10 page || die "http://$app.localhost:$http/ does not answer"
say "The page, $((SECONDS - pushed)) s after the push began:"
page
say "It is live"
note "http://$app.localhost:$http/"
note "git push ssh://dokku@localhost:$ssh/$app main      (key: $state/id_ed25519)"
note "image/demo.sh --down removes all of it"
