//! Manage the networks that apps stand on

mod address;
mod create;
mod destroy;
mod exists;
mod facts;
mod follow;
mod info;
mod initial;
mod list;
mod listeners;
mod on;
mod probe;
mod properties;
mod rebuild;
mod rebuildall;
mod report;
mod set;
mod sync;
mod tend;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "network",
    plugin: "network",
    about: "Manage network settings for an app",
    commands: &[
        entry::<create::Create>(),
        entry::<destroy::Destroy>(),
        entry::<exists::Exists>(),
        entry::<follow::Follow>(),
        entry::<info::Info>(),
        entry::<list::List>(),
        entry::<rebuild::Rebuild>(),
        entry::<rebuildall::Rebuildall>(),
        entry::<set::Set>(),
        entry::<tend::Tend>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::docker_args_process_build::InitialNetwork>(),
        listener::<on::docker_args_process_deploy::InitialNetwork>(),
        listener::<on::docker_args_process_run::InitialNetwork>(),
        listener::<on::network_build_config::Sync>(),
        listener::<on::network_config_exists::Exists>(),
        listener::<on::network_get_ipaddr::Address>(),
        listener::<on::network_get_listeners::Listeners>(),
        listener::<on::network_get_property::Get>(),
        listener::<on::network_get_static_listeners::Static>(),
        listener::<on::network_write_ipaddr::Write>(),
        listener::<on::network_write_port::Write>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_container_create::Attach>(),
        listener::<on::post_delete::Forget>(),
    ],
    ..Domain::EMPTY
};
