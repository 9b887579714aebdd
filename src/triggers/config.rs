//! Environment variables of apps.

use crate::kernel::trigger;
use crate::model::Scope;

trigger! {
    /// Asks for the value of a variable. Nothing set gives nothing.
    ConfigGet = "config-get" { scope: Scope, key: String } -> String

    /// Asks for the value of a variable set for all apps. Nothing set gives nothing.
    ConfigGetGlobal = "config-get-global" { key: String } -> String

    /// Asks for all variables in one of the formats of `config:export`.
    ConfigExport = "config-export" { app: String, is_global: bool, is_merged: bool, format: String } -> String

    /// Takes over variables that releases before 0.38 kept in the app's own folder.
    ConfigMigrateEnv = "config-migrate-env" {} -> ()

    /// Sets variables: `[--no-restart] APP KEY=VALUE…`.
    ConfigSet = "config-set" { words: Vec<String> } -> ()

    /// Unsets variables: `[--no-restart] APP KEY…`.
    ConfigUnset = "config-unset" { words: Vec<String> } -> ()

    /// Variables were changed, and the app was not deployed again yet. `operation` is `set`, `unset` or `clear`;
    /// `keys` are the names of the variables, none for `clear`.
    PostConfigUpdate = "post-config-update" { scope: Scope, operation: String, keys: Vec<String> } -> ()
}
