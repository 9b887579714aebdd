//! Options that operators and plugins add to an app's builds and containers

mod on;
mod stored;

use crate::kernel::{Domain, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    plugin: "docker-options",
    about: "Manage options of builds and containers",
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
