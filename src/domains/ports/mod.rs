//! Manage the ports an app answers on

mod add;
mod change;
mod clear;
mod configure;
mod forward;
mod functions;
mod list;
mod on;
mod owners;
mod read;
mod remove;
mod report;
mod set;
mod tend;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "ports",
    plugin: "ports",
    about: "Manage ports for an app",
    commands: &[
        entry::<add::Add>(),
        entry::<clear::Clear>(),
        entry::<list::List>(),
        entry::<remove::Remove>(),
        entry::<set::Set>(),
        entry::<tend::Tend>(),
    ],
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::core_post_deploy::Publish>(),
        listener::<on::ports_clear::Forget>(),
        listener::<on::ports_configure::Configure>(),
        listener::<on::ports_get::Get>(),
        listener::<on::ports_get_available::Available>(),
        listener::<on::ports_get_property::Property>(),
        listener::<on::ports_set_detected::Remember>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_certs_remove::WithoutTls>(),
        listener::<on::post_certs_update::WithTls>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_domains_update::Publish>(),
        listener::<on::post_proxy_ports_update::TakeBack>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};
