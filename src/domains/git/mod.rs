//! Git deploys

mod on;
mod receive_pack;
mod report;
mod repository;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "git",
    plugin: "git",
    about: "Manage app deploys via git",
    commands: &[entry::<receive_pack::ReceivePack>()],
    properties: Some(&report::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[listener::<on::receive_app::ReceiveApp>()],
    ..Domain::EMPTY
};
