//! What Dokku keeps in its plugin `common`: the deploy as triggers

mod on;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "common",
    listeners: &[listener::<on::deploy::Deploy>(), listener::<on::release_and_deploy::ReleaseAndDeploy>()],
    ..Domain::EMPTY
};
