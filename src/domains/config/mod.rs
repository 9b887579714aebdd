//! Manage global and app-specific config vars

mod bundle;
mod change;
mod clear;
mod export;
mod format;
mod functions;
mod get;
mod history;
mod import;
mod keys;
mod old_files;
mod on;
mod rollback;
mod set;
mod show;
mod target;
mod unset;

use crate::kernel::{Domain, entry, listener};

/// The domain's table.
pub const DOMAIN: Domain = Domain {
    name: "config",
    plugin: "config",
    about: "Manage global and app-specific config vars",
    commands: &[
        entry::<show::Bare>(),
        entry::<bundle::Bundle>(),
        entry::<clear::Clear>(),
        entry::<export::Export>(),
        entry::<get::Get>(),
        entry::<history::History>(),
        entry::<import::Import>(),
        entry::<keys::Keys>(),
        entry::<rollback::Rollback>(),
        entry::<set::Set>(),
        entry::<show::Show>(),
        entry::<unset::Unset>(),
    ],
    listeners: &[
        listener::<on::config_export::OnConfigExport>(),
        listener::<on::config_get::OnConfigGet>(),
        listener::<on::config_get_global::OnConfigGetGlobal>(),
        listener::<on::config_migrate_env::OnConfigMigrateEnv>(),
        listener::<on::config_set::OnConfigSet>(),
        listener::<on::config_unset::OnConfigUnset>(),
        listener::<on::install::OnInstall>(),
        listener::<on::post_app_clone_setup::OnPostAppCloneSetup>(),
        listener::<on::post_app_rename_setup::OnPostAppRenameSetup>(),
        listener::<on::post_create::OnPostCreate>(),
        listener::<on::post_delete::OnPostDelete>(),
        listener::<on::pre_restore::OnPreRestore>(),
    ],
    functions: functions::ALL,
    ..Domain::EMPTY
};
