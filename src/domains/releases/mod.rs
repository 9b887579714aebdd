//! Return to what was live before

mod info;
mod list;
mod on;
mod report;
mod rollback;
mod view;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "releases",
    plugin: "releases",
    about: "Return to what was live before",
    commands: &[entry::<info::Info>(), entry::<list::List>(), entry::<rollback::Rollback>()],
    properties: Some(&report::PROPERTIES),
    report: Some(&report::REPORT),
    is_apart_in_report: true,
    listeners: &[listener::<on::post_app_rename_setup::Move>(), listener::<on::post_delete::Forget>()],
    ..Domain::EMPTY
};
