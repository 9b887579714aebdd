//! What Dokku keeps in its plugin `common`: the deploy as triggers

mod give_back;
mod on;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "common",
    commands: &[entry::<give_back::GiveBack>()],
    listeners: &[
        listener::<on::deploy::Deploy>(),
        listener::<on::pre_restore::PreRestore>(),
        listener::<on::release_and_deploy::ReleaseAndDeploy>(),
    ],
    ..Domain::EMPTY
};
