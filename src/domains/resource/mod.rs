//! Manage resource settings for an app

mod clear;
mod limit;
mod limit_clear;
mod on;
mod report;
mod reserve;
mod reserve_clear;
mod stored;
mod values;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "resource",
    plugin: "resource",
    about: "Manage resource settings for an app",
    commands: &[
        entry::<limit::Limit>(),
        entry::<limit_clear::LimitClear>(),
        entry::<reserve::Reserve>(),
        entry::<reserve_clear::ReserveClear>(),
    ],
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::docker_args_process_build::Build>(),
        listener::<on::docker_args_process_deploy::Deploy>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::resource_get_property::Get>(),
    ],
    ..Domain::EMPTY
};
