//! Manage domains used by the proxy

mod add;
mod add_global;
mod clear;
mod clear_global;
mod defaults;
mod disable;
mod enable;
mod functions;
mod on;
mod owners;
mod remove;
mod remove_global;
mod report;
mod reset;
mod set;
mod set_global;
mod setup;
mod switch;
mod urls;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "domains",
    plugin: "domains",
    about: "Manage domains used by the proxy",
    bare_means: "domains:report",
    commands: &[
        entry::<add::Add>(),
        entry::<add_global::AddGlobal>(),
        entry::<clear::Clear>(),
        entry::<clear_global::ClearGlobal>(),
        entry::<disable::Disable>(),
        entry::<enable::Enable>(),
        entry::<remove::Remove>(),
        entry::<remove_global::RemoveGlobal>(),
        entry::<reset::Reset>(),
        entry::<set::Set>(),
        entry::<set_global::SetGlobal>(),
        entry::<setup::Setup>(),
    ],
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::core_post_deploy::Warn>(),
        listener::<on::domains_add::AddOne>(),
        listener::<on::domains_disable::TurnOff>(),
        listener::<on::domains_enable::TurnOn>(),
        listener::<on::domains_list::List>(),
        listener::<on::domains_urls::Urls>(),
        listener::<on::domains_vhost_enabled::IsEnabled>(),
        listener::<on::post_app_clone_setup::StartAnew>(),
        listener::<on::post_app_rename_setup::TakeAlong>(),
        listener::<on::post_create::WriteDefaults>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};
