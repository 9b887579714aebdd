//! Commands, from the words a user types to what they print; mirrors `src/domains/`.

mod acme;
mod apps;
mod buildpacks;
mod builds;
mod certs;
mod checks;
mod config;
mod cron;
mod docker_options;
#[allow(clippy::module_inception, reason = "mirrors the sources")]
mod domains;
mod enter;
mod forwarders;
mod git;
mod label_proxies;
mod label_proxy_labels;
mod logs;
mod network;
mod nginx;
mod nginx_settings;
mod old_names;
mod plugin_daemons;
mod plugin_faults;
mod plugin_kinds;
mod plugin_roles;
mod plugins;
mod ports;
mod proxy;
mod ps;
mod registry;
mod repo;
mod resource;
mod run;
mod server;
mod storage;
mod tables;
