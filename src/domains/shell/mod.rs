//! A prompt that runs commands

mod default;
mod lines;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "shell",
    plugin: "shell",
    about: "Interactive dokku prompt",
    commands: &[entry::<default::Shell>()],
    ..Domain::EMPTY
};
