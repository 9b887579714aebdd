//! Manage trace mode

mod off;
mod on;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "trace",
    plugin: "trace",
    about: "Manage trace mode",
    commands: &[entry::<off::Off>(), entry::<on::On>()],
    ..Domain::EMPTY
};
