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

use crate::kernel::{Alias, Domain, Gone, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "certs",
    plugin: "certs",
    about: "Manage SSL (TLS) certs",
    aliases: &[Alias::old("certs:info", "certs:report")],
    gone: &[
        // Dokku's help names them, with nothing behind.
        Gone {
            typed: "certs:chain",
            instead: "The issuer's certificates stand behind the server's own in the file for certs:add",
        },
        Gone { typed: "certs:key", instead: "certs:add takes the certificate with its key" },
        Gone { typed: "certs:rollback", instead: "certs:update with the files of before brings them back" },
    ],
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
