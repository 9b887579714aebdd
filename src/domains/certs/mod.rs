//! Certificates of apps

mod add;
mod generate;
mod given;
mod install;
mod on;
mod remove;
mod report;
mod show;
mod tarball;
mod update;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "certs",
    plugin: "certs",
    about: "Manage SSL (TLS) certs",
    commands: &[
        entry::<add::Add>(),
        entry::<generate::Generate>(),
        entry::<remove::Remove>(),
        entry::<show::Show>(),
        entry::<update::Update>(),
    ],
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::certs_exists::Exists>(),
        listener::<on::certs_get::Get>(),
        listener::<on::certs_remove::Remove>(),
        listener::<on::certs_set::Set>(),
        listener::<on::post_app_clone_setup::Without>(),
    ],
    ..Domain::EMPTY
};
