//! The list of all native domains, alphabetical.

mod apps;
mod config;

use crate::kernel::Domain;

/// All native domains.
pub const ALL: &[&Domain] = &[&apps::DOMAIN, &config::DOMAIN];
