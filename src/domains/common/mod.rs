//! What Dokku keeps in its plugin `common`: the deploy as triggers

mod functions;
mod give_back;
mod on;
mod settle;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "common",
    commands: &[entry::<give_back::GiveBack>(), entry::<settle::Settle>()],
    listeners: &[
        listener::<on::core_post_deploy::Deployed>(),
        listener::<on::deploy::Deploy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::pre_restore::PreRestore>(),
        listener::<on::release_and_deploy::ReleaseAndDeploy>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};
