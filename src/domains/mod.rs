//! The list of all native domains, alphabetical.

mod app_json;
mod apps;
mod builder;
mod builder_dockerfile;
mod builder_herokuish;
mod builder_lambda;
mod builder_nixpacks;
mod builder_null;
mod builder_pack;
mod builder_railpack;
mod buildpacks;
mod builds;
mod caddy;
mod certs;
mod checks;
mod common;
mod config;
mod cron;
mod docker_options;
#[allow(clippy::module_inception, reason = "domains of apps are one domain among others")]
mod domains;
mod enter;
mod events;
mod git;
mod haproxy;
mod logs;
mod network;
mod nginx;
mod openresty;
mod plugin;
mod ports;
mod proxy;
mod ps;
mod registry;
mod releases;
mod repo;
mod resource;
mod run;
mod scheduler;
mod scheduler_docker_local;
mod scheduler_null;
mod shell;
mod ssh_keys;
mod standard;
mod storage;
mod trace;
mod traefik;

use crate::kernel::Domain;

/// All native domains.
pub const ALL: &[&Domain] = &[
    &app_json::DOMAIN,
    &apps::DOMAIN,
    &builder::DOMAIN,
    &builder_dockerfile::DOMAIN,
    &builder_herokuish::DOMAIN,
    &builder_lambda::DOMAIN,
    &builder_nixpacks::DOMAIN,
    &builder_null::DOMAIN,
    &builder_pack::DOMAIN,
    &builder_railpack::DOMAIN,
    &buildpacks::DOMAIN,
    &builds::DOMAIN,
    &caddy::DOMAIN,
    &certs::DOMAIN,
    &checks::DOMAIN,
    &common::DOMAIN,
    &config::DOMAIN,
    &cron::DOMAIN,
    &docker_options::DOMAIN,
    &domains::DOMAIN,
    &enter::DOMAIN,
    &events::DOMAIN,
    &git::DOMAIN,
    &haproxy::DOMAIN,
    &logs::DOMAIN,
    &network::DOMAIN,
    &nginx::DOMAIN,
    &openresty::DOMAIN,
    &plugin::DOMAIN,
    &ports::DOMAIN,
    &proxy::DOMAIN,
    &ps::DOMAIN,
    &registry::DOMAIN,
    &releases::DOMAIN,
    &repo::DOMAIN,
    &resource::DOMAIN,
    &run::DOMAIN,
    &scheduler::DOMAIN,
    &scheduler_docker_local::DOMAIN,
    &scheduler_null::DOMAIN,
    &shell::DOMAIN,
    &ssh_keys::DOMAIN,
    &standard::DOMAIN,
    &storage::DOMAIN,
    &trace::DOMAIN,
    &traefik::DOMAIN,
];
