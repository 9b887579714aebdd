//! Maintenance of an app's repository, and of what its builds keep.

mod gc;
mod purge_cache;

use crate::kernel::{Domain, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "repo",
    plugin: "repo",
    about: "Manage the app's repo",
    commands: &[entry::<gc::Gc>(), entry::<purge_cache::PurgeCache>()],
    ..Domain::EMPTY
};
