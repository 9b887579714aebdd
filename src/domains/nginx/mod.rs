//! Manage the nginx proxy

mod access_logs;
mod build;
mod certificate_names;
mod clear;
mod error_logs;
mod functions;
mod handover;
mod hsts;
mod on;
mod own_template;
mod plan;
mod pre_validate;
mod properties;
mod reload;
mod report;
mod settings;
mod show_config;
mod site;
mod start;
mod stop;
mod streams;
mod template;
mod validate_config;
mod written;

use crate::kernel::{Alias, Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "nginx",
    plugin: "nginx-vhosts",
    about: "Manage the nginx proxy",
    aliases: &[
        Alias::old("nginx:build-config", "proxy:build-config"),
        Alias::old("nginx:import-ssl", "certs:add"),
        Alias::old("nginx:show-conf", "nginx:show-config"),
        Alias::old("nginx:validate", "nginx:validate-config"),
    ],
    commands: &[
        entry::<access_logs::AccessLogs>(),
        entry::<error_logs::ErrorLogs>(),
        entry::<reload::Reload>(),
        entry::<show_config::ShowConfig>(),
        entry::<start::Start>(),
        entry::<stop::Stop>(),
        entry::<validate_config::ValidateConfig>(),
    ],
    properties: Some(&properties::PROPERTIES),
    report: Some(&report::REPORT),
    listeners: &[
        listener::<on::core_post_deploy::Rebuild>(),
        listener::<on::core_post_extract::CheckTemplate>(),
        listener::<on::post_app_clone::AnswerUnbuilt>(),
        listener::<on::post_app_clone_setup::Copy>(),
        listener::<on::post_app_rename::AnswerUnbuilt>(),
        listener::<on::post_app_rename_setup::Move>(),
        listener::<on::post_create::AnswerAtOnce>(),
        listener::<on::post_delete::Forget>(),
        listener::<on::post_domains_update::Rebuild>(),
        listener::<on::post_proxy_ports_update::Rebuild>(),
        listener::<on::pre_disable_vhost::LeaveSharedPort>(),
        listener::<on::pre_enable_vhost::TakeSharedPort>(),
        listener::<on::proxy_build_config::Build>(),
        listener::<on::proxy_clear_config::Clear>(),
        listener::<on::proxy_disable::TurnOff>(),
        listener::<on::proxy_enable::TurnOn>(),
        listener::<on::scheduler_post_deploy_process::Rebuild>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};
