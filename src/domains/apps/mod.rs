//! Manage apps

mod create;
mod exists;
mod list;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "apps",
    plugin: "apps",
    about: "Manage apps",
    commands: &[entry::<create::Create>(), entry::<exists::Exists>(), entry::<list::List>()],
    ..Domain::EMPTY
};
