//! Git deploys

mod on;
mod receive_pack;
mod repository;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "git",
    plugin: "git",
    about: "Manage app deploys via git",
    commands: &[entry::<receive_pack::ReceivePack>()],
    listeners: &[listener::<on::receive_app::ReceiveApp>()],
    ..Domain::EMPTY
};
