//! Manage log integration for an app

mod default;
mod failed;
mod on;
mod properties;
mod report;
mod set;
mod vector;
mod vector_logs;
mod vector_start;
mod vector_stop;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "logs",
    plugin: "logs",
    about: "Manage log integration for an app",
    commands: &[
        entry::<default::Logs>(),
        entry::<failed::Failed>(),
        entry::<set::Set>(),
        entry::<vector_logs::VectorLogs>(),
        entry::<vector_start::VectorStart>(),
        entry::<vector_stop::VectorStop>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::docker_args_process_deploy::MaxSize>(),
        listener::<on::logs_get_property::Get>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
    ],
    ..Domain::EMPTY
};
