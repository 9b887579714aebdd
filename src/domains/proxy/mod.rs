//! Manage the proxy in front of the apps

mod build_config;
mod clear_config;
mod disable;
mod enable;
mod functions;
mod on;
mod properties;
mod report;
mod set;

use crate::kernel::{Alias, Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "proxy",
    plugin: "proxy",
    about: "Manage the proxy integration for an app",
    aliases: &[
        Alias::old("proxy:ports", "ports:list"),
        Alias::old("proxy:ports-add", "ports:add"),
        Alias::old("proxy:ports-clear", "ports:clear"),
        Alias::old("proxy:ports-remove", "ports:remove"),
        Alias::old("proxy:ports-set", "ports:set"),
    ],
    bare_means: "proxy:report",
    commands: &[
        entry::<build_config::BuildConfig>(),
        entry::<clear_config::ClearConfig>(),
        entry::<disable::Disable>(),
        entry::<enable::Enable>(),
        entry::<set::Set>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::proxy_is_enabled::IsEnabled>(),
        listener::<on::proxy_type::Type>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};
