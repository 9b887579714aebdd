//! Manage apps

mod clone;
mod create;
mod destroy;
mod exists;
mod list;
mod lock;
mod locked;
mod on;
mod rename;
mod report;
mod unlock;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "apps",
    plugin: "apps",
    about: "Manage apps",
    commands: &[
        entry::<list::Bare>(),
        entry::<clone::Clone>(),
        entry::<create::Create>(),
        entry::<destroy::Destroy>(),
        entry::<exists::Exists>(),
        entry::<list::List>(),
        entry::<lock::Lock>(),
        entry::<locked::Locked>(),
        entry::<rename::Rename>(),
        entry::<unlock::Unlock>(),
    ],
    properties: Some(&report::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::app_create::OnAppCreate>(),
        listener::<on::app_destroy::OnAppDestroy>(),
        listener::<on::app_exists::OnAppExists>(),
        listener::<on::app_list::OnAppList>(),
        listener::<on::app_maybe_create::OnAppMaybeCreate>(),
        listener::<on::deploy_source_set::OnDeploySourceSet>(),
        listener::<on::post_create::OnPostCreate>(),
        listener::<on::post_delete::OnPostDelete>(),
    ],
    ..Domain::EMPTY
};
