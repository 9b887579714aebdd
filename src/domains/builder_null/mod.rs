//! Build nothing

use crate::kernel::Domain;

/// The domain's table.
pub const DOMAIN: Domain =
    Domain { name: "builder-null", plugin: "builder-null", about: "No-op builder plugin", ..Domain::EMPTY };
