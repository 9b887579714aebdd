//! Settings of plugins that were chosen here: a table per plugin in `plugins/config.toml`
//! (contract: plugin-abi.md, section 1.5).

use toml::{Table, Value};

use super::Layout;
use crate::model::{Context, Outcome};
use crate::platform::files;
use crate::platform::lock::Lock;

/// They may be passwords.
const MODE: u32 = 0o600;

/// The plugin's settings that were chosen; those that were not are its defaults'.
///
/// # Errors
/// When the file cannot be read or understood.
pub fn chosen(layout: &Layout, plugin: &str) -> Outcome<Table> {
    let mut all = read(layout)?;
    Ok(match all.remove(plugin) {
        Some(Value::Table(table)) => table,
        Some(_) | None => Table::new(),
    })
}

/// Chooses a value.
///
/// # Errors
/// When the file cannot be read or written.
pub fn choose(layout: &Layout, plugin: &str, key: &str, value: &str) -> Outcome {
    change(layout, |all| {
        let entry = all.entry(plugin).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(table) = entry {
            table.insert(key.to_owned(), Value::String(value.to_owned()));
        }
    })
}

/// Forgets a choice: the default holds again.
///
/// # Errors
/// When the file cannot be read or written.
pub fn forget(layout: &Layout, plugin: &str, key: &str) -> Outcome {
    change(layout, |all| {
        if let Some(Value::Table(table)) = all.get_mut(plugin) {
            table.remove(key);
        }
    })
}

/// Forgets all choices of a plugin that goes.
///
/// # Errors
/// When the file cannot be read or written.
pub fn forget_all(layout: &Layout, plugin: &str) -> Outcome {
    if read(layout)?.contains_key(plugin) {
        change(layout, |all| drop(all.remove(plugin)))?;
    }
    Ok(())
}

fn read(layout: &Layout) -> Outcome<Table> {
    let path = layout.plugin_settings();
    let text = files::read_text(&path)?.unwrap_or_default();
    toml::from_str(&text).context(|| format!("{} cannot be read", path.display()))
}

fn change(layout: &Layout, edit: impl FnOnce(&mut Table)) -> Outcome {
    let _lock = Lock::take(&layout.data("locks").join("plugin-settings.lock"))?;
    let path = layout.plugin_settings();
    let mut all = read(layout)?;
    edit(&mut all);
    let text = toml::to_string(&all).context(|| format!("{} cannot be written", path.display()))?;
    files::write(&path, text.as_bytes(), MODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_for_one_plugin_leaves_the_others_alone() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        let value = |plugin: &str, key: &str| {
            chosen(&layout, plugin).unwrap().get(key).and_then(Value::as_str).map(str::to_owned)
        };
        assert_eq!(value("toys", "color"), None);
        choose(&layout, "toys", "color", "a \"b\"\nc").unwrap();
        choose(&layout, "other", "color", "red").unwrap();
        choose(&layout, "toys", "size", "3").unwrap();
        assert_eq!(value("toys", "color").as_deref(), Some("a \"b\"\nc"));
        forget(&layout, "toys", "color").unwrap();
        forget(&layout, "nobody", "color").unwrap();
        assert_eq!((value("toys", "color"), value("toys", "size").as_deref()), (None, Some("3")));
        forget_all(&layout, "toys").unwrap();
        assert_eq!((value("toys", "size"), value("other", "color").as_deref()), (None, Some("red")));
    }

    #[test]
    fn a_file_that_nobody_can_read_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        files::write(&layout.plugin_settings(), b"[toys", 0o600).unwrap();
        assert!(
            choose(&layout, "toys", "a", "b").unwrap_err().message.contains("config.toml cannot be read")
        );
        assert_eq!(files::read_text(&layout.plugin_settings()).unwrap().as_deref(), Some("[toys"));
    }
}
