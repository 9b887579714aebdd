//! Show what apps write

mod default;
mod failed;
mod on;
mod properties;
mod report;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "logs",
    plugin: "logs",
    about: "Show what apps write",
    commands: &[entry::<default::Logs>(), entry::<failed::Failed>()],
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
