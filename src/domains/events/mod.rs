//! Manage event logging

mod json;
mod list;
mod off;
mod on;
mod show;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "events",
    plugin: "20_events",
    about: "Manage event logging",
    commands: &[entry::<show::Show>(), entry::<list::List>(), entry::<off::Off>(), entry::<on::On>()],
    ..Domain::EMPTY
};
