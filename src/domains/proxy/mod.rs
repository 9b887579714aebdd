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
        Alias { typed: "proxy:ports", means: "ports:list", is_deprecated: true },
        Alias { typed: "proxy:ports-add", means: "ports:add", is_deprecated: true },
        Alias { typed: "proxy:ports-clear", means: "ports:clear", is_deprecated: true },
        Alias { typed: "proxy:ports-remove", means: "ports:remove", is_deprecated: true },
        Alias { typed: "proxy:ports-set", means: "ports:set", is_deprecated: true },
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
