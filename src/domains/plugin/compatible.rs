//! Whether a plugin works with a version of Dokku.

use std::path::Path;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{Fault, Outcome, PluginManifest};
use crate::platform::files;
use crate::store::{plugins, version};

/// Fails for a plugin that says it does not.
///
/// # Errors
/// That it does not, or that one of the two versions cannot be read.
pub fn require(manifest: &PluginManifest, version: &str) -> Outcome {
    let wanted = &manifest.plugin.compatible;
    match wanted.suits(version)? {
        true => Ok(()),
        false => Err(Fault::new(format!("it needs Dokku {}, and this is {version}", wanted.dokku))),
    }
}

/// Looks at code that has just come, before it is called: is it a plugin, and one for this version? With `--force`
/// the latter is said and no more.
///
/// # Errors
/// That it has no `plugin.toml`, or does not work with this version.
pub fn require_in(ctx: &Ctx, name: &str, folder: &Path) -> Result {
    if !files::exists(&folder.join("plugin.toml")) {
        return Err(Failure::user(format!("{name} is no plugin: it has no plugin.toml"))
            .hint("Is it the right repository, and the right branch or tag?"));
    }
    let manifest = match plugins::manifest(folder) {
        Ok(manifest) => manifest,
        Err(fault) => {
            // It may be fine for all that its programs do; plugin:check goes on saying so.
            ctx.out.warn(format!("Plugin {name}: {fault}"));
            return Ok(());
        }
    };
    match require(&manifest, &version::of_volume(ctx.layout())?) {
        Ok(()) => Ok(()),
        Err(fault) if ctx.flags.force => {
            ctx.out.warn(format!("Plugin {name}: {fault}"));
            Ok(())
        }
        Err(fault) => Err(Failure::user(format!("Plugin {name} does not suit: {fault}"))
            .hint("Ask for another version of it: --committish REF. In spite of it: --force")),
    }
}
