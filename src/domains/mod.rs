//! The list of all native domains, alphabetical.

mod apps;
mod builder;
mod builder_dockerfile;
mod common;
mod config;
#[allow(clippy::module_inception, reason = "domains of apps are one domain among others")]
mod domains;
mod git;
mod network;
mod ports;
mod proxy;
mod scheduler_docker_local;
mod standard;

use crate::kernel::Domain;

/// All native domains.
pub const ALL: &[&Domain] = &[
    &apps::DOMAIN,
    &builder::DOMAIN,
    &builder_dockerfile::DOMAIN,
    &common::DOMAIN,
    &config::DOMAIN,
    &domains::DOMAIN,
    &git::DOMAIN,
    &network::DOMAIN,
    &ports::DOMAIN,
    &proxy::DOMAIN,
    &scheduler_docker_local::DOMAIN,
    &standard::DOMAIN,
];
