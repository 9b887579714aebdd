//! Facts about Dokku 0.38.27: its triggers, and which part of it fires each. A line that is taken away takes a trigger
//! from plugins.

/// A trigger a line: its name, and who fires it. That is a folder of `src/domains` or a room of `src`; a command, where
/// that is what is missing; `plugins` for what the core answers and only plugins ask; `-` for what nothing in the core
/// fires and `plugn trigger` still answers.
pub const TRIGGERS: &str = "\
app-create -
app-destroy -
app-exists git
app-json-get-content scheduler_docker_local
app-json-is-valid app_json
app-json-process-deploy-parallelism deploy
app-list common
app-maybe-create git
app-restart nginx
app-urls domains
builder-build deploy
builder-create-dokku-image builder_herokuish
builder-detect deploy
builder-dokku-image builder_herokuish
builder-get-property deploy
builder-herokuish-allowed deploy
builder-image-is-cnb plugins
builder-image-is-herokuish plugins
builder-release deploy
builder-set-property deploy
buildpack-stack-name builder_herokuish
builds-generate-id deploy
builds-record-finalize deploy
builds-record-start deploy
caddy-template-source caddy
certs-exists deploy domains nginx ports
certs-force ports
certs-get scheduler_k3s
certs-remove -
certs-set -
check-deploy deploy checks
checks-get-property deploy
commands kernel
config-export app_json
config-get builder
config-get-global builder
config-migrate-env config
config-set app_json
config-unset config
core-post-deploy deploy
core-post-extract deploy
cron-entries cron
cron-get-property -
cron-write -
dependencies plugin
deploy ps
deploy-source-set git
deployed-app-image-repo common
deployed-app-image-tag common
deployed-app-repository common
docker-args-build builder_dockerfile
docker-args-deploy deploy
docker-args-process-build builder_dockerfile
docker-args-process-deploy deploy
docker-args-process-run scheduler_docker_local
docker-args-run scheduler_docker_local
domains-add certs
domains-disable nginx
domains-enable nginx
domains-list deploy domains nginx
domains-urls deploy standard
domains-vhost-enabled ports
git-deploy-branch plugins
git-from-archive git:from-archive
git-from-directory git:from-archive
git-from-image git
git-get-property deploy
git-has-code apps
git-post-pull git
git-pre-pull git
git-revision lambda-builds
haproxy-template-source haproxy
install plugin
install-builder-prune builder
logs-get-property -
network-build-config nginx
network-clear-config nginx
network-config-exists nginx
network-get-ipaddr deploy checks
network-get-listeners domains nginx
network-get-property deploy
network-get-static-listeners nginx
network-write-ipaddr deploy
network-write-port deploy
nginx-app-template-source nginx
nginx-dokku-template-source nginx-for-all
nginx-hostname domains
nginx-pre-reload nginx
openresty-template-source openresty
ports-clear nginx
ports-configure nginx
ports-get deploy domains nginx
ports-get-available ports
ports-get-property builder_dockerfile
ports-set-detected builder_dockerfile
post-app-clone apps
post-app-clone-setup apps
post-app-rename apps
post-app-rename-setup apps
post-build builder_dockerfile
post-build-buildpack builder_herokuish
post-build-dockerfile builder_dockerfile
post-build-lambda lambda-builds
post-build-pack pack-builds
post-certs-remove certs
post-certs-update certs
post-config-update config
post-container-create deploy scheduler_docker_local
post-create apps
post-delete apps
post-deploy deploy
post-domains-update certs domains
post-extract deploy
post-proxy-ports-update ports
post-registry-login registry
post-release-builder builder
post-release-lambda -
post-stack-set buildpacks
post-stop ps
pre-build builder_dockerfile
pre-build-buildpack builder_herokuish
pre-build-dockerfile builder_dockerfile
pre-build-lambda lambda-builds
pre-build-pack pack-builds
pre-delete apps
pre-deploy registry
pre-disable-vhost domains
pre-enable-vhost domains
pre-receive-app deploy
pre-release-builder builder
pre-release-buildpack builder_herokuish
pre-release-dockerfile builder
pre-release-lambda builder
pre-release-pack builder
pre-restore ps
pre-start ps
procfile-exists deploy
procfile-get-command app_json scheduler_docker_local
proxy-build-config deploy ps
proxy-clear-config nginx proxy
proxy-disable proxy
proxy-enable proxy
proxy-is-enabled domains nginx
proxy-type domains nginx
ps-can-scale app_json
ps-current-scale nginx
ps-get-property config scheduler_docker_local
ps-set-scale app_json
receive-app ps
receive-branch git
release-and-deploy config ps
report standard
resource-get-property scheduler_k3s
retire-container-failed scheduler_docker_local
scheduler-app-status ps
scheduler-cron-write cron
scheduler-deploy deploy
scheduler-detect common deploy ps
scheduler-enter enter
scheduler-inspect ps
scheduler-is-deployed triggers
scheduler-logs logs
scheduler-logs-failed logs
scheduler-post-delete apps
scheduler-post-deploy-process deploy
scheduler-post-run scheduler_docker_local
scheduler-pre-restore ps
scheduler-proxy-config nginx
scheduler-proxy-logs nginx
scheduler-register-retired deploy
scheduler-retire apps ps
scheduler-run run
scheduler-run-list run
scheduler-run-logs run
scheduler-run-retire ps run
scheduler-run-stop run
scheduler-stop apps ps
scheduler-storage-exec storage
scheduler-uses-host-cron cron
storage-app-mounts scheduler_k3s
storage-create storage
storage-destroy storage
storage-list plugins
storage-status storage
traefik-template-source traefik
uninstall plugin
update plugin
user-auth kernel
user-auth-app kernel
vector-template-source logs
";

/// Who does not exist yet, and why that may be so. Once it does, its line here goes, and the tests want the call sites.
pub const TO_COME: &[(&str, &str)] = &[
    ("git:from-archive", "code comes by push alone"),
    ("lambda-builds", "builder_lambda knows its properties, and builds nothing yet"),
    ("nginx-for-all", "what nginx is told for all apps is part of the image"),
    ("pack-builds", "builder_pack knows its properties, and builds nothing yet"),
    ("scheduler_k3s", "docker-local is the one scheduler that runs anything"),
];
