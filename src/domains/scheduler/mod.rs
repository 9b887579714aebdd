//! Choose who runs an app

mod on;
mod properties;
mod report;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "scheduler",
    plugin: "scheduler",
    about: "Manage scheduler settings for an app",
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::scheduler_detect::Detect>(),
    ],
    ..Domain::EMPTY
};
