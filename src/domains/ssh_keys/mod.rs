//! Manage public ssh keys that are allowed to connect to Dokku

mod add;
mod list;
mod remove;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "ssh-keys",
    plugin: "ssh-keys",
    about: "Manage public ssh keys used for deployment",
    commands: &[entry::<add::Add>(), entry::<list::List>(), entry::<remove::Remove>()],
    ..Domain::EMPTY
};
