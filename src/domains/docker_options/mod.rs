//! Options that operators and plugins add to an app's builds and containers

mod add;
mod clear;
mod list;
mod on;
mod phases;
mod remove;
mod report;
mod stored;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "docker-options",
    plugin: "docker-options",
    about: "Manage docker options for an app",
    commands: &[
        entry::<add::Add>(),
        entry::<clear::Clear>(),
        entry::<list::List>(),
        entry::<remove::Remove>(),
    ],
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::docker_args_build::Build>(),
        listener::<on::docker_args_deploy::Deploy>(),
        listener::<on::docker_args_process_deploy::DeployOne>(),
        listener::<on::docker_args_run::Run>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
    ],
    ..Domain::EMPTY
};
