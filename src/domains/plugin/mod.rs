//! Manage installed plugins

mod after;
mod check;
mod compatible;
mod config;
mod daemon;
mod disable;
mod enable;
mod fetch;
mod findings;
mod install;
mod install_dependencies;
mod installed;
mod list;
mod roles;
mod set;
mod trigger;
mod uninstall;
mod update;

use crate::kernel::{Ctx, Domain, Failure, entry};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "plugin",
    plugin: "plugin",
    about: "Manage installed plugins",
    commands: &[
        entry::<check::Check>(),
        entry::<config::Config>(),
        entry::<daemon::Daemon>(),
        entry::<disable::Disable>(),
        entry::<enable::Enable>(),
        entry::<install::Install>(),
        entry::<install_dependencies::InstallDependencies>(),
        entry::<installed::Installed>(),
        entry::<list::List>(),
        entry::<set::Set>(),
        entry::<trigger::Trigger>(),
        entry::<uninstall::Uninstall>(),
        entry::<update::Update>(),
    ],
    ..Domain::EMPTY
};

/// True for the name of what is native here.
fn is_core(ctx: &Ctx, name: &str) -> bool {
    ctx.bus.domains().iter().any(|domain| domain.plugin == name)
}

/// What is said of a plugin that is not there.
fn not_installed(name: &str) -> Failure {
    Failure::user(format!("Plugin ({name}) is not currently installed"))
}
