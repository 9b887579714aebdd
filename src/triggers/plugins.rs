//! Plugins as such: fired as root, at all plugins, native ones too.

use crate::kernel::trigger;

trigger! {
    /// After any plugin was installed, and when asked for; must stand being fired again.
    Install = "install" {} -> ()

    /// Install the programs that the plugin needs.
    Dependencies = "dependencies" {} -> ()

    /// After plugins were updated.
    Update = "update" {} -> ()

    /// Before the plugin of that name goes. All get it; each compares the name with its own.
    Uninstall = "uninstall" { plugin: String } -> ()
}
