//! The property store: one file a value, `config/PLUGIN/APP/KEY` (contract: layout.md section 5).

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Layout;
use crate::model::{AppName, Outcome, Scope};
use crate::platform::{files, lock};

const FILE: u32 = 0o600;

/// The stored value; `None` when it was never set. An empty file is the empty string.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn get(layout: &Layout, plugin: &str, scope: &Scope, key: &str) -> Outcome<Option<String>> {
    files::read_text(&layout.properties(plugin, scope).join(key))
}

/// The properties of one plugin and scope for who asks for many: one look tells which are set, and each of those is read
/// once.
pub struct Stored {
    folder: PathBuf,
    values: OnceCell<BTreeMap<String, OnceCell<String>>>,
}

impl Stored {
    /// Nothing is read yet.
    pub fn new(layout: &Layout, plugin: &str, scope: &Scope) -> Self {
        Stored { folder: layout.properties(plugin, scope), values: OnceCell::new() }
    }

    /// A stored value; empty when it is not set.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn get(&self, key: &str) -> Outcome<String> {
        let values = match self.values.get() {
            Some(values) => values,
            None => {
                let names = files::names(&self.folder)?;
                self.values.get_or_init(|| names.into_iter().map(|name| (name, OnceCell::new())).collect())
            }
        };
        let Some(value) = values.get(key) else { return Ok(String::new()) };
        if let Some(known) = value.get() {
            return Ok(known.clone());
        }
        let text = files::read_text(&self.folder.join(key))?.unwrap_or_default();
        Ok(value.get_or_init(|| text).clone())
    }
}

/// The stored value of the app if not empty, else the global one if not empty, else the default.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn computed(layout: &Layout, plugin: &str, scope: &Scope, key: &str, default: &str) -> Outcome<String> {
    if let Scope::App(_) = scope
        && let Some(value) = get(layout, plugin, scope, key)?.filter(|value| !value.is_empty())
    {
        return Ok(value);
    }
    let global = get(layout, plugin, &Scope::Global, key)?.filter(|value| !value.is_empty());
    Ok(global.unwrap_or_else(|| default.to_owned()))
}

/// Stores a value.
///
/// # Errors
/// When it cannot be written.
pub fn set(layout: &Layout, plugin: &str, scope: &Scope, key: &str, value: &str) -> Outcome {
    files::write(&layout.properties(plugin, scope).join(key), value.as_bytes(), FILE)
}

/// Forgets a value; one that is not there is fine.
///
/// # Errors
/// When it cannot be removed.
pub fn unset(layout: &Layout, plugin: &str, scope: &Scope, key: &str) -> Outcome {
    files::remove(&layout.properties(plugin, scope).join(key)).map(drop)
}

/// The lines of a list; none when it was never set.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn list(layout: &Layout, plugin: &str, scope: &Scope, key: &str) -> Outcome<Vec<String>> {
    let text = get(layout, plugin, scope, key)?.unwrap_or_default();
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Stores a list, one item a line.
///
/// # Errors
/// When it cannot be written.
pub fn set_list(layout: &Layout, plugin: &str, scope: &Scope, key: &str, items: &[String]) -> Outcome {
    let text: String = items.iter().map(|item| format!("{item}\n")).collect();
    set(layout, plugin, scope, key, &text)
}

/// The keys that have a value, alphabetical.
///
/// # Errors
/// When the folder is there and cannot be read.
pub fn keys(layout: &Layout, plugin: &str, scope: &Scope) -> Outcome<Vec<String>> {
    let mut keys = files::names(&layout.properties(plugin, scope))?;
    // What a killed write has left is no value.
    keys.retain(|name| !name.starts_with('.'));
    keys.sort_unstable();
    Ok(keys)
}

/// Holds the lock of a plugin's properties of this scope: for each read that a write depends on.
///
/// # Errors
/// When the lock file cannot be made.
pub fn locked(layout: &Layout, plugin: &str, scope: &Scope) -> Outcome<lock::Lock> {
    lock::Lock::take(&layout.data("locks").join(format!("{plugin}.{scope}.lock")))
}

/// Copies all properties of a plugin from one app to another; none to copy is fine.
///
/// # Errors
/// When they cannot be read or written.
pub fn copy(layout: &Layout, plugin: &str, from: &AppName, to: &AppName) -> Outcome {
    let (from, to) = (Scope::from(from), Scope::from(to));
    files::copy_all(&layout.properties(plugin, &from), &layout.properties(plugin, &to))
}

/// Forgets all properties of a plugin for this scope.
///
/// # Errors
/// When they cannot be removed.
pub fn clear(layout: &Layout, plugin: &str, scope: &Scope) -> Outcome {
    files::remove_folder(&layout.properties(plugin, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_value_wins_over_the_global_one_and_both_over_the_default() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let app = Scope::App("web-shop".parse().expect("a name"));
        let read = || computed(&layout, "builder", &app, "build-dir", "none").expect("readable");

        assert_eq!(read(), "none");
        set(&layout, "builder", &Scope::Global, "build-dir", "global").expect("writable");
        assert_eq!(read(), "global");
        set(&layout, "builder", &app, "build-dir", "own").expect("writable");
        assert_eq!(read(), "own");
        set(&layout, "builder", &app, "build-dir", "").expect("writable");
        assert_eq!(read(), "global", "an empty value counts as none");
    }
}
