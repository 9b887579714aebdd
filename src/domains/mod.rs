//! The list of all native domains, alphabetical.

mod apps;
mod config;
#[allow(clippy::module_inception, reason = "domains of apps are one domain among others")]
mod domains;
mod network;
mod ports;
mod proxy;
mod standard;

use crate::kernel::Domain;

/// All native domains.
pub const ALL: &[&Domain] = &[
    &apps::DOMAIN,
    &config::DOMAIN,
    &domains::DOMAIN,
    &network::DOMAIN,
    &ports::DOMAIN,
    &proxy::DOMAIN,
    &standard::DOMAIN,
];
