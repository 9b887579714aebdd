//! Run a one-off process inside a container

mod attached;
mod container;
mod detached;
mod list;
mod logs;
mod options;
mod retire;
mod stop;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "run",
    plugin: "run",
    about: "Run a one-off process inside a container",
    commands: &[
        entry::<attached::Run>(),
        entry::<detached::Detached>(),
        entry::<list::List>(),
        entry::<logs::Logs>(),
        entry::<retire::Retire>(),
        entry::<stop::Stop>(),
    ],
    ..Domain::EMPTY
};
