//! Plugins on the volume: folders under `plugins/available`, links to them under `plugins/enabled`
//! (contract: plugin-abi.md, sections 1.1 and 12).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Layout;
use crate::model::{Fault, Outcome, PluginManifest};
use crate::platform::files;
use crate::platform::git::{Described, Next, ObjectId, Repository, describe};
use crate::platform::lock::Lock;

/// A plugin whose folder is on the volume.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The name of its folder.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// True when it is called.
    pub is_enabled: bool,
}

impl Installed {
    /// What it says of itself; nothing when its `plugin.toml` is missing.
    ///
    /// # Errors
    /// When that file cannot be read or understood.
    pub fn manifest(&self) -> Outcome<PluginManifest> {
        manifest(&self.folder)
    }
}

/// What the plugin in this folder says of itself; nothing when its `plugin.toml` is missing.
///
/// # Errors
/// When that file cannot be read or understood.
pub fn manifest(folder: &Path) -> Outcome<PluginManifest> {
    let text = files::read_text(&folder.join("plugin.toml"))?;
    text.map_or_else(|| Ok(PluginManifest::default()), |text| PluginManifest::parse(&text))
}

/// All plugins that are not native, by name. Folders with a leading dot are half made or half removed.
///
/// # Errors
/// When the folder cannot be read.
pub fn installed(layout: &Layout) -> Outcome<Vec<Installed>> {
    let names = files::folder_names(&layout.plugins_available())?;
    Ok(names
        .into_iter()
        .filter(|name| !name.starts_with('.') && !is_link_to_core(layout, name))
        .map(|name| Installed {
            folder: layout.plugins_available().join(&name),
            is_enabled: files::exists(&layout.plugins_enabled().join(&name)),
            name,
        })
        .collect())
}

/// The enabled plugins that say they do not work with that version of Dokku, and what they say.
///
/// # Errors
/// When the folder of plugins cannot be read.
pub fn unsuited(layout: &Layout, version: &str) -> Outcome<Vec<(String, String)>> {
    let mut found = Vec::new();
    for plugin in installed(layout)?.into_iter().filter(|plugin| plugin.is_enabled) {
        // What cannot be read says nothing here; plugin:check tells.
        let wanted = plugin.manifest().unwrap_or_default().plugin.compatible;
        if matches!(wanted.suits(version), Ok(false)) {
            found.push((plugin.name, wanted.dokku));
        }
    }
    Ok(found)
}

/// The plugin of that name.
///
/// # Errors
/// When the folder of plugins cannot be read.
pub fn find(layout: &Layout, name: &str) -> Outcome<Option<Installed>> {
    Ok(installed(layout)?.into_iter().find(|one| one.name == name))
}

/// The names of core plugins: of all that come with the image.
///
/// # Errors
/// When their folder cannot be read.
pub fn core_names(layout: &Layout) -> Outcome<Vec<String>> {
    files::folder_names(&layout.core_plugins().join("available"))
}

fn is_link_to_core(layout: &Layout, name: &str) -> bool {
    let real = files::resolved(&layout.plugins_available().join(name));
    real.is_some_and(|real| {
        files::resolved(&layout.core_plugins()).is_some_and(|core| real.starts_with(core))
    })
}

/// Puts links to the core plugins' folders, which come with the image, among the plugins, which are on the volume.
/// They are absolute: the folder of plugins is reached by a link itself, and from behind it a relative one would
/// lead somewhere else. Those of core plugins that this release does not have any more are taken away.
///
/// # Errors
/// When a folder cannot be read, or a link not made.
pub fn link_core(layout: &Layout) -> Outcome {
    let core = layout.core_plugins().join("available");
    let names = files::folder_names(&core)?;
    let (available, enabled) = (layout.plugins_available(), layout.plugins_enabled());
    for name in files::names(&available)? {
        let target = files::link_target(&available.join(&name));
        if target.is_some_and(|target| target.starts_with(&core)) && !names.contains(&name) {
            files::remove(&available.join(&name))?;
            files::remove(&enabled.join(&name))?;
        }
    }
    for name in names {
        let (link, target) = (available.join(&name), core.join(&name));
        if files::link_target(&link).as_deref() == Some(&*target) {
            // Whoever disabled it since wants it so.
            continue;
        }
        // A plugin that was installed under the name of one that is core today stays what is used.
        if files::exists(&link) {
            continue;
        }
        files::symlink(&target.display().to_string(), &link)?;
        files::symlink(&link.display().to_string(), &enabled.join(&name))?;
    }
    Ok(())
}

/// Calls the plugin from now on.
///
/// # Errors
/// When the link cannot be made.
pub fn enable(layout: &Layout, name: &str) -> Outcome {
    files::create_folders(&layout.plugins_enabled(), 0o755)?;
    files::symlink(&format!("../available/{name}"), &layout.plugins_enabled().join(name))
}

/// Calls the plugin no more.
///
/// # Errors
/// When the link cannot be removed.
pub fn disable(layout: &Layout, name: &str) -> Outcome {
    files::remove(&layout.plugins_enabled().join(name)).map(drop)
}

/// The core plugins that are not to be called.
///
/// # Errors
/// When their folder cannot be read.
pub fn disabled_core(layout: &Layout) -> Outcome<BTreeSet<String>> {
    Ok(files::names(&layout.disabled_core_plugins())?.into_iter().collect())
}

/// Calls a core plugin no more, or again.
///
/// # Errors
/// When that cannot be written down.
pub fn set_core_disabled(layout: &Layout, name: &str, is_disabled: bool) -> Outcome {
    let path = layout.disabled_core_plugins().join(name);
    match is_disabled {
        true => files::write(&path, b"", 0o644),
        false => files::remove(&path).map(drop),
    }
}

/// A change of plugins that is under way: others wait, and what it leaves unfinished is swept by the next.
#[derive(Debug)]
pub struct Change {
    _lock: Lock,
}

impl Change {
    /// Waits for its turn, and clears away what was left when an installation was cut off.
    ///
    /// # Errors
    /// When the folders cannot be read or cleaned.
    pub fn begin(layout: &Layout) -> Outcome<Self> {
        let _lock = Lock::take(&layout.data("locks").join("plugins.lock"))?;
        // While an image is built nothing has booted, and what plugins source must be there all the same.
        link_core(layout)?;
        let available = layout.plugins_available();
        for name in files::names(&available)? {
            if let Some(plugin) = name.strip_prefix('.').and_then(|name| name.strip_suffix(UNFINISHED)) {
                if files::exists(&available.join(plugin)) {
                    remove(layout, plugin)?;
                }
                files::remove(&available.join(&name))?;
            }
        }
        Ok(Change { _lock })
    }

    /// From here until [`Change::finish`] the plugin is swept away when this process is cut off.
    ///
    /// # Errors
    /// When the mark cannot be written.
    pub fn start_installing(&self, layout: &Layout, name: &str) -> Outcome {
        files::write(&mark(layout, name), b"", 0o644)
    }

    /// The plugin is there to stay.
    ///
    /// # Errors
    /// When the mark cannot be removed.
    pub fn finish(&self, layout: &Layout, name: &str) -> Outcome {
        files::remove(&mark(layout, name)).map(drop)
    }
}

/// Ends the name of the mark that an installation is not over.
const UNFINISHED: &str = ".installing";

fn mark(layout: &Layout, name: &str) -> PathBuf {
    layout.plugins_available().join(format!(".{name}{UNFINISHED}"))
}

/// Where a plugin's code came from.
///
/// # Errors
/// When its `.git` cannot be read.
pub fn origin(plugin: &Installed) -> Outcome<Option<Described>> {
    describe(&plugin.folder)
}

/// The committish that was asked for at the last installation or update.
///
/// # Errors
/// When the file cannot be read.
pub fn committish(folder: &Path) -> Outcome<Option<String>> {
    let text = files::read_text(&folder.join(COMMITTISH))?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Remembers it.
///
/// # Errors
/// When the file cannot be written.
pub fn set_committish(folder: &Path, committish: &str) -> Outcome {
    files::write(&folder.join(COMMITTISH), format!("{committish}\n").as_bytes(), 0o644)
}

const COMMITTISH: &str = ".plugin_committish";

/// Puts a fresh folder in the place of a plugin's. What the plugin made itself, and no commit brought, moves along.
///
/// # Errors
/// When a file cannot be read or moved. The plugin is then as it was, or as it will be.
pub fn replace(layout: &Layout, plugin: &Installed, commit: &ObjectId, fresh: &Path) -> Outcome {
    let tracked = tracked(&plugin.folder, commit)?;
    keep_made(&plugin.folder, fresh, Path::new(""), &tracked)?;
    let away = layout.plugins_available().join(format!(".{}.removed", plugin.name));
    files::remove_folder(&away)?;
    files::rename(&plugin.folder, &away)?;
    files::rename(fresh, &plugin.folder)?;
    files::remove_folder(&away)
}

fn tracked(folder: &Path, commit: &ObjectId) -> Outcome<BTreeSet<PathBuf>> {
    let mut paths = BTreeSet::new();
    Repository::open(&folder.join(".git"))?.tree(commit)?.walk(&mut |found| {
        paths.insert(found.path.to_owned());
        Ok(Next::Enter)
    })?;
    Ok(paths)
}

fn keep_made(from: &Path, to: &Path, below: &Path, tracked: &BTreeSet<PathBuf>) -> Outcome {
    for name in files::names(&from.join(below))? {
        let path = below.join(&name);
        let (old, new) = (from.join(&path), to.join(&path));
        match tracked.contains(&path) {
            true if files::is_folder(&old) && files::is_folder(&new) => keep_made(from, to, &path, tracked)?,
            false if path != Path::new(".git") && !files::exists(&new) => files::copy_all(&old, &new)?,
            true | false => {}
        }
    }
    Ok(())
}

/// Removes the plugin's folder, out of the way first: a removal that is cut off leaves no half plugin.
///
/// # Errors
/// When a file cannot be removed.
pub fn remove(layout: &Layout, name: &str) -> Outcome {
    disable(layout, name)?;
    let away = layout.plugins_available().join(format!(".{name}.removed"));
    files::remove_folder(&away)?;
    files::rename(&layout.plugins_available().join(name), &away)?;
    files::remove_folder(&away)
}

/// The name as plugins may have it.
///
/// # Errors
/// When it holds other than letters, digits, hyphens and underscores.
pub fn checked(name: &str) -> Outcome<&str> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(is_fine) {
        true => Ok(name),
        false => Err(Fault::new("Invalid plugin name specified")
            .hint("A plugin's name has letters, digits, hyphens and underscores")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_that_do_not_suit_a_version_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        for (name, wanted) in [("fine", ">=0.30"), ("late", ">=99"), ("off", ">=99"), ("silent", "")] {
            let text = format!("[plugin]\ncompatible = {{ dokku = \"{wanted}\" }}\n");
            let path = layout.plugins_available().join(name).join("plugin.toml");
            files::write(&path, text.as_bytes(), 0o644).unwrap();
            if name != "off" {
                enable(&layout, name).unwrap();
            }
        }
        files::write(&layout.plugins_available().join("fine/plugin.toml"), b"[plugin", 0o644).unwrap();
        let found = unsuited(&layout, "0.38.27").unwrap();
        assert_eq!(found, [("late".to_owned(), ">=99".to_owned())]);
    }
}
