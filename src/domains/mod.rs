//! The list of all native domains, alphabetical.

mod apps;

use crate::kernel::Domain;

/// All native domains.
pub const ALL: &[&Domain] = &[&apps::DOMAIN];
