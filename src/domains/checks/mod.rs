//! Manage zero-downtime settings

mod change;
mod disable;
mod enable;
mod lists;
mod on;
mod properties;
mod report;
mod run;
mod skip;
mod tell;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "checks",
    plugin: "checks",
    about: "Manage zero-downtime settings",
    commands: &[
        entry::<disable::Disable>(),
        entry::<enable::Enable>(),
        entry::<run::Run>(),
        entry::<skip::Skip>(),
        entry::<tell::Tell>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[listener::<on::checks_get_property::Get>(), listener::<on::post_delete::Forget>()],
    ..Domain::EMPTY
};
