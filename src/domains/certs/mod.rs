//! Certificates of apps

mod acme;
mod acme_disable;
mod acme_enable;
mod acme_renew;
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

use crate::kernel::{Alias, Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "certs",
    plugin: "certs",
    about: "Manage SSL (TLS) certs",
    aliases: &[Alias { typed: "certs:info", means: "certs:report", is_deprecated: true }],
    commands: &[
        entry::<acme_disable::AcmeDisable>(),
        entry::<acme_enable::AcmeEnable>(),
        entry::<acme_renew::AcmeRenew>(),
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
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
    ],
    ..Domain::EMPTY
};
