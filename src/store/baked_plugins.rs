//! Plugins that come with an image, as of `FROM dokku/dokku` and `RUN dokku plugin:install …`. What is called lives on
//! the volume, so they are copied there, and again when an image brings another edition of them.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Layout, plugins};
use crate::model::Outcome;
use crate::platform::files;

/// Copies the plugins that stand in the image's folder `baked` to the volume, and takes them away there.
///
/// A plugin that somebody installed under the same name stays as it is; one that was uninstalled comes back only with
/// an image that brings another edition. Gives the names of those that are new on the volume.
///
/// # Errors
/// When files cannot be read or written. What is not done yet is done by the next start.
pub fn adopt(layout: &Layout, baked: &Path) -> Outcome<Vec<String>> {
    let mut adopted = Vec::new();
    let available = baked.join("available");
    for name in files::names(&available)? {
        let from = available.join(&name);
        let is_plugin = files::is_folder(&from) && files::link_target(&from).is_none();
        if is_plugin && !name.starts_with('.') && adopt_one(layout, baked, &name)? {
            adopted.push(name);
        }
    }
    for folder in [available, baked.join("enabled")] {
        files::remove_folder(&folder)?;
    }
    Ok(adopted)
}

fn adopt_one(layout: &Layout, baked: &Path, name: &str) -> Outcome<bool> {
    let (from, to) = (baked.join("available").join(name), layout.plugins_available().join(name));
    let edition = edition(&from)?;
    let known = files::read_text(&note(layout, name))?;
    let is_here = files::exists(&to);
    match known.as_deref().map(str::trim) {
        Some(known) if known == edition => return Ok(false),
        // Cut off before it was noted, or somebody's own.
        None if is_here && self::edition(&to)? != edition => return Ok(false),
        Some(_) | None => {}
    }
    let fresh = layout.plugins_available().join(format!(".{name}.baked"));
    files::remove_folder(&fresh)?;
    files::copy_all(&from, &fresh)?;
    let away = layout.plugins_available().join(format!(".{name}.removed"));
    files::remove_folder(&away)?;
    if is_here {
        files::rename(&to, &away)?;
    }
    files::rename(&fresh, &to)?;
    files::remove_folder(&away)?;
    // Whoever disabled it since wants it so.
    if !is_here && files::link_target(&baked.join("enabled").join(name)).is_some() {
        plugins::enable(layout, name)?;
    }
    files::write(&note(layout, name), format!("{edition}\n").as_bytes(), 0o644)?;
    Ok(true)
}

/// Which edition of a plugin an image brought last.
fn note(layout: &Layout, name: &str) -> PathBuf {
    layout.data("appliance").join("baked-plugins").join(name)
}

/// A digest of all files but git's own.
fn edition(folder: &Path) -> Outcome<String> {
    let mut digest = Sha256::new();
    add(&mut digest, folder, Path::new(""))?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn add(digest: &mut Sha256, folder: &Path, below: &Path) -> Outcome {
    let mut names = files::names(&folder.join(below))?;
    names.sort_unstable();
    for name in names.into_iter().filter(|name| name != ".git") {
        let path = below.join(&name);
        let full = folder.join(&path);
        digest.update(path.as_os_str().as_encoded_bytes());
        digest.update([0]);
        if let Some(target) = files::link_target(&full) {
            digest.update(target.as_os_str().as_encoded_bytes());
        } else if files::is_folder(&full) {
            add(digest, folder, &path)?;
        } else {
            digest.update([u8::from(files::is_executable(&full))]);
            digest.update(files::read(&full)?.unwrap_or_default());
        }
        digest.update([0]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        _folder: tempfile::TempDir,
        layout: Layout,
        image: PathBuf,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (layout, image) = (Layout::below(folder.path()), folder.path().join("image"));
            Place { _folder: folder, layout, image }
        }

        /// A start of a container whose image brings the plugin.
        fn start(&self, edition: &str) -> Vec<String> {
            files::write(&self.image.join("available/toys/plugin.toml"), edition.as_bytes(), 0o644).unwrap();
            files::symlink("../available/toys", &self.image.join("enabled/toys")).unwrap();
            files::symlink("/core/ps", &self.image.join("available/ps")).unwrap();
            let adopted = adopt(&self.layout, &self.image).unwrap();
            assert!(!files::exists(&self.image.join("available")));
            adopted
        }

        fn edition(&self) -> Option<String> {
            files::read_text(&self.layout.plugins_available().join("toys/plugin.toml")).unwrap()
        }
    }

    #[test]
    fn a_plugin_of_the_image_is_there_and_follows_the_image() {
        let place = Place::new();
        assert_eq!(place.start("1"), ["toys"]);
        assert_eq!(files::names(&place.layout.plugins_enabled()).unwrap(), ["toys"]);
        // The same image again, after somebody updated and disabled the plugin.
        files::write(&place.layout.plugins_available().join("toys/plugin.toml"), b"own", 0o644).unwrap();
        plugins::disable(&place.layout, "toys").unwrap();
        assert_eq!(place.start("1"), [""; 0]);
        assert_eq!(place.edition().as_deref(), Some("own"));
        assert_eq!(place.start("2"), ["toys"]);
        assert_eq!(place.edition().as_deref(), Some("2"));
        assert_eq!(files::names(&place.layout.plugins_enabled()).unwrap(), [""; 0]);
    }

    #[test]
    fn one_that_was_uninstalled_stays_away_until_there_is_news() {
        let place = Place::new();
        place.start("1");
        plugins::remove(&place.layout, "toys").unwrap();
        assert_eq!(place.start("1"), [""; 0]);
        assert_eq!(place.edition(), None);
        assert_eq!(place.start("2"), ["toys"]);
    }

    #[test]
    fn what_somebody_installed_is_left_alone() {
        let place = Place::new();
        files::write(&place.layout.plugins_available().join("toys/plugin.toml"), b"own", 0o644).unwrap();
        assert_eq!(place.start("1"), [""; 0]);
        assert_eq!(place.edition().as_deref(), Some("own"));
    }
}
