//! Properties of plugins in bash: the same store as `properties`, for names that need not be apps. A plugin of
//! services keeps those of a service under the service's name.

use std::path::PathBuf;

use super::Layout;
use crate::model::{Fault, Outcome};
use crate::platform::{files, lock};

const FILE: u32 = 0o600;
const FOLDER: u32 = 0o755;

/// The properties of a plugin for one name: an app, a service, or `--global`.
pub struct Shelf {
    plugin: String,
    name: String,
    folder: PathBuf,
    lock: PathBuf,
}

/// The folder of all properties of a plugin.
///
/// # Errors
/// When the plugin's name is no name of a folder.
pub fn folder(layout: &Layout, plugin: &str) -> Outcome<PathBuf> {
    Ok(layout.config().join(segment(plugin, "plugin")?))
}

/// Makes that folder.
///
/// # Errors
/// When it cannot be made.
pub fn set_up(layout: &Layout, plugin: &str) -> Outcome {
    files::create_folders(&folder(layout, plugin)?, FOLDER)
}

/// Forgets all properties of a plugin; none there is fine.
///
/// # Errors
/// When they cannot be removed.
pub fn forget(layout: &Layout, plugin: &str) -> Outcome {
    files::remove_folder(&folder(layout, plugin)?)
}

impl Shelf {
    /// The properties of a plugin for a name.
    ///
    /// # Errors
    /// When one of the two is no name of a folder.
    pub fn of(layout: &Layout, plugin: &str, name: &str) -> Outcome<Self> {
        Ok(Shelf {
            plugin: plugin.to_owned(),
            name: name.to_owned(),
            folder: folder(layout, plugin)?.join(segment(name, "app")?),
            lock: layout.data("locks").join(format!("{plugin}.{name}.lock")),
        })
    }

    /// Makes its folder.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn set_up(&self) -> Outcome {
        files::create_folders(&self.folder, FOLDER)
    }

    /// The stored value; `None` when it was never set, or no file can have that name.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn get(&self, key: &str) -> Outcome<Option<String>> {
        match self.file(key) {
            Ok(path) if !files::is_folder(&path) => files::read_text(&path),
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Stores a value as it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn set(&self, key: &str, value: &str) -> Outcome {
        files::write(&self.file(key)?, value.as_bytes(), FILE)
    }

    /// Forgets a value; none there is fine.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn unset(&self, key: &str) -> Outcome {
        files::remove(&self.file(key)?).map(drop)
    }

    /// All keys, sorted by bytes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn keys(&self) -> Outcome<Vec<String>> {
        let mut keys = files::names(&self.folder)?;
        keys.retain(|key| !files::is_folder(&self.folder.join(key)));
        Ok(keys)
    }

    /// Copies all properties to another name; none to copy is fine.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub fn copy_to(&self, other: &Shelf) -> Outcome {
        for key in self.keys()? {
            other.set(&key, &self.get(&key)?.unwrap_or_default())?;
        }
        Ok(())
    }

    /// Forgets all properties; none there is fine.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn clear(&self) -> Outcome {
        files::remove_folder(&self.folder)
    }

    /// The lines of a list; none when it was never set.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn list(&self, key: &str) -> Outcome<Vec<String>> {
        Ok(self.get(key)?.unwrap_or_default().lines().map(str::to_owned).collect())
    }

    /// Changes a list under its lock, and stores it unless `change` fails.
    ///
    /// # Errors
    /// When it cannot be read or written, or what `change` says.
    pub fn change_list(&self, key: &str, change: impl FnOnce(&mut Vec<String>) -> Outcome) -> Outcome {
        let _lock = lock::Lock::take(&self.lock)?;
        let mut lines = self.list(key)?;
        change(&mut lines)?;
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.set(key, &text)
    }

    fn file(&self, key: &str) -> Outcome<PathBuf> {
        let (plugin, name) = (&self.plugin, &self.name);
        segment(key, "property")
            .map(|key| self.folder.join(key))
            .map_err(|fault| fault.hint(format!("It was asked for by the plugin {plugin}, for {name}")))
    }
}

/// A name as one step of a path: it cannot lead out of the store.
fn segment<'a>(text: &'a str, what: &str) -> Outcome<&'a str> {
    if text.is_empty() || text == "." || text == ".." || text.contains(['/', '\0']) {
        return Err(Fault::new(format!("Invalid name of a {what}: '{text}'")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_store() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        for bad in ["", ".", "..", "../other", "a/b"] {
            assert!(Shelf::of(&layout, bad, "app").is_err(), "{bad}");
            assert!(Shelf::of(&layout, "redis", bad).is_err(), "{bad}");
            let shelf = Shelf::of(&layout, "redis", "My_Service").expect("a service's name");
            assert!(shelf.set(bad, "x").is_err(), "{bad}");
            assert_eq!(shelf.get(bad).expect("readable"), None, "{bad}");
        }
    }
}
