//! Enter a running container

mod default;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "enter",
    plugin: "enter",
    about: "Enter running app containers",
    commands: &[entry::<default::Enter>()],
    ..Domain::EMPTY
};
