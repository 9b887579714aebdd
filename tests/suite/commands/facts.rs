//! Facts about Dokku 0.38.27: the names of its commands. A name that is taken away takes a command from somebody.

/// Every command that a user can type there, by plugin.
pub const COMMANDS: &str = "\
help version git-hook git-receive-pack git-upload-pack git-upload-archive
cleanup deploy report url urls
events events:help events:list events:off events:on
app-json app-json:help app-json:report app-json:set
apps apps:clone apps:create apps:destroy apps:exists apps:help apps:list apps:lock apps:locked apps:rename
apps:report apps:set apps:unlock
builder builder:help builder:report builder:set
builder-dockerfile builder-dockerfile:help builder-dockerfile:report builder-dockerfile:set
builder-herokuish builder-herokuish:help builder-herokuish:report builder-herokuish:set
builder-lambda builder-lambda:help builder-lambda:report builder-lambda:set
builder-nixpacks builder-nixpacks:help builder-nixpacks:report builder-nixpacks:set
builder-null:help
builder-pack builder-pack:help builder-pack:report builder-pack:set
builder-railpack builder-railpack:help builder-railpack:report builder-railpack:set
buildpacks buildpacks:add buildpacks:clear buildpacks:detect buildpacks:help buildpacks:list
buildpacks:remove buildpacks:report buildpacks:set buildpacks:set-property
builds builds:cancel builds:help builds:info builds:list builds:output builds:prune builds:report builds:set
caddy caddy:help caddy:labels:add caddy:labels:remove caddy:labels:show caddy:logs caddy:report caddy:set
caddy:show-config caddy:start caddy:stop
certs certs:add certs:generate certs:help certs:remove certs:report certs:show certs:update
checks checks:disable checks:enable checks:help checks:report checks:run checks:set checks:skip
config config:bundle config:clear config:export config:get config:help config:import config:keys config:set
config:show config:unset
cron cron:help cron:list cron:report cron:resume cron:run cron:set cron:suspend
docker-options docker-options:add docker-options:clear docker-options:help docker-options:list
docker-options:remove docker-options:report
domains domains:add domains:add-global domains:clear domains:clear-global domains:disable domains:enable
domains:help domains:remove domains:remove-global domains:report domains:reset domains:set
domains:set-global domains:setup
enter enter:help
git git:allow-host git:auth git:auth-status git:from-archive git:from-image git:generate-deploy-key git:help
git:initialize git:load-image git:public-key git:report git:set git:status git:sync
haproxy haproxy:help haproxy:labels:add haproxy:labels:remove haproxy:labels:show haproxy:logs
haproxy:report haproxy:set haproxy:show-config haproxy:start haproxy:stop
logs logs:failed logs:help logs:report logs:set logs:vector-logs logs:vector-start logs:vector-stop
network network:create network:destroy network:exists network:help network:info network:list network:rebuild
network:rebuildall network:report network:set
nginx nginx:access-logs nginx:error-logs nginx:help nginx:reload nginx:report nginx:set nginx:show-config
nginx:start nginx:stop nginx:validate-config
openresty openresty:help openresty:labels:add openresty:labels:remove openresty:labels:show openresty:logs
openresty:report openresty:set openresty:show-config openresty:start openresty:stop
plugin plugin:disable plugin:enable plugin:help plugin:install plugin:install-dependencies plugin:installed
plugin:list plugin:trigger plugin:uninstall plugin:update
ports ports:add ports:clear ports:help ports:list ports:remove ports:report ports:set
proxy proxy:build-config proxy:clear-config proxy:disable proxy:enable proxy:help proxy:report proxy:set
ps ps:help ps:inspect ps:rebuild ps:report ps:restart ps:restore ps:retire ps:scale ps:set ps:start ps:stop
registry registry:help registry:login registry:logout registry:report registry:set
repo repo:gc repo:help repo:purge-cache
resource resource:help resource:limit resource:limit-clear resource:report resource:reserve
resource:reserve-clear
run run:detached run:help run:list run:logs run:retire run:stop
scheduler scheduler:help scheduler:report scheduler:set
scheduler-docker-local scheduler-docker-local:help scheduler-docker-local:report scheduler-docker-local:set
scheduler-k3s scheduler-k3s:annotations:report scheduler-k3s:annotations:set
scheduler-k3s:autoscaling-auth:report scheduler-k3s:autoscaling-auth:set scheduler-k3s:charts:report
scheduler-k3s:charts:set scheduler-k3s:cluster:add scheduler-k3s:cluster:list scheduler-k3s:cluster:remove
scheduler-k3s:ensure-charts scheduler-k3s:help scheduler-k3s:initialize scheduler-k3s:labels:report
scheduler-k3s:labels:set scheduler-k3s:node-sysctls:report scheduler-k3s:node-sysctls:set
scheduler-k3s:preview scheduler-k3s:profiles:add scheduler-k3s:profiles:list scheduler-k3s:profiles:remove
scheduler-k3s:report scheduler-k3s:set scheduler-k3s:show-kubeconfig scheduler-k3s:uninstall
scheduler-null:help
shell shell:help
ssh-keys ssh-keys:add ssh-keys:help ssh-keys:list ssh-keys:remove
storage storage:annotations:report storage:annotations:set storage:create storage:destroy
storage:ensure-directory storage:exec storage:help storage:info storage:labels:report storage:labels:set
storage:list storage:list-entries storage:migrate storage:mount storage:report storage:set storage:unmount
storage:wait
trace trace:help trace:off trace:on
traefik traefik:help traefik:labels:add traefik:labels:remove traefik:labels:show traefik:logs
traefik:report traefik:set traefik:show-config traefik:start traefik:stop
";

/// Those that are not here yet. Once a command exists, its name goes.
pub const TO_COME: &str = "\
buildpacks:detect git:allow-host git:auth git:auth-status git:from-archive git:sync scheduler-k3s
scheduler-k3s:annotations:report scheduler-k3s:annotations:set scheduler-k3s:autoscaling-auth:report
scheduler-k3s:autoscaling-auth:set scheduler-k3s:charts:report scheduler-k3s:charts:set
scheduler-k3s:cluster:add scheduler-k3s:cluster:list scheduler-k3s:cluster:remove
scheduler-k3s:ensure-charts scheduler-k3s:help scheduler-k3s:initialize scheduler-k3s:labels:report
scheduler-k3s:labels:set scheduler-k3s:node-sysctls:report scheduler-k3s:node-sysctls:set
scheduler-k3s:preview scheduler-k3s:profiles:add scheduler-k3s:profiles:list scheduler-k3s:profiles:remove
scheduler-k3s:report scheduler-k3s:set scheduler-k3s:show-kubeconfig scheduler-k3s:uninstall
";
