//! Plugins found on disk, turned into the same values as native domains.

use std::path::Path;

use crate::kernel::{Host, Plugin};
use crate::model::{Outcome, PluginManifest};
use crate::platform::{files, links};
use crate::store::Layout;

/// Each enabled plugin that is not a core one. Core ones are native here: their
/// folders, links below the core plugins' folder, only hold the files that others source.
///
/// # Errors
/// When the folder of enabled plugins cannot be read.
pub fn plugins(layout: &Layout) -> Outcome<Vec<Plugin>> {
    let (enabled, core) = (layout.plugins_enabled(), layout.core_plugins());
    let available = links::of_folder(&layout.plugins_available())?;
    let mut names = files::names(&enabled)?;
    // Each command that fires a trigger asks this of some forty names, so links are read as boot made them; only those that
    // somebody else made are followed to their end.
    names.retain(|name| {
        let is_as_made = available.get(name).is_some_and(|target| target.starts_with(&core));
        !is_as_made
            && files::is_folder(&enabled.join(name))
            && !is_core(&enabled.join(name), &core, available.contains_key(name))
    });
    let plugin = |name: String| {
        let folder = enabled.join(&name);
        Plugin { host: host(&folder), folder, name }
    };
    Ok(names.into_iter().map(plugin).collect())
}

/// What answers for the plugin in this folder. Each command asks this of all plugins, so that a `plugin.toml` in which
/// neither word stands is not taken apart. One that cannot be read is a matter of `plugin:check`.
fn host(folder: &Path) -> Host {
    let text = files::read_text(&folder.join("plugin.toml")).ok().flatten().unwrap_or_default();
    if !text.contains("daemon") && !text.contains("external") {
        return Host::Programs;
    }
    let about = PluginManifest::parse(&text).unwrap_or_default().plugin;
    match (about.daemon, about.external) {
        (Some(daemon), _) => Host::Daemon(daemon),
        (None, Some(container)) => Host::Container(container),
        (None, None) => Host::Programs,
    }
}

/// Whether a link that boot did not make leads to a core plugin's folder, maybe over another one.
fn is_core(enabled: &Path, core: &Path, is_over_another: bool) -> bool {
    if !is_over_another && files::link_target(enabled).is_none_or(|target| !target.starts_with(core)) {
        return false;
    }
    let real = |path| files::resolved(path);
    real(enabled).zip(real(core)).is_some_and(|(folder, core)| folder.starts_with(core))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_core_plugins_are_no_plugins_however_they_were_made() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        let (core, available) = (layout.core_plugins().join("available"), layout.plugins_available());
        let link =
            |target: &str, name: &str| files::symlink(target, &layout.plugins_enabled().join(name)).unwrap();
        for name in ["config", "common", "ps"] {
            files::write(&core.join(name).join("plugin.toml"), b"", 0o644).unwrap();
        }
        // As boot makes them, as Dokku itself does, and straight.
        files::symlink(&core.join("config").display().to_string(), &available.join("config")).unwrap();
        files::symlink("../../core-plugins/available/common", &available.join("common")).unwrap();
        link("../available/config", "config");
        link("../available/common", "common");
        link(&core.join("ps").display().to_string(), "ps");
        // One of its own, and one that is being written elsewhere.
        files::write(&available.join("redis/plugin.toml"), b"", 0o644).unwrap();
        files::write(&folder.path().join("mine/plugin.toml"), b"", 0o644).unwrap();
        files::symlink(&folder.path().join("mine").display().to_string(), &available.join("mine")).unwrap();
        link("../available/redis", "redis");
        link("../available/mine", "mine");
        let found: Vec<String> = plugins(&layout).unwrap().into_iter().map(|plugin| plugin.name).collect();
        assert_eq!(found, ["mine", "redis"]);
    }
}
