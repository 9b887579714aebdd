//! What plugins may take of the server: properties of the domain `plugin`, by the plugin's name.

use std::time::Duration;

use super::Layout;
use super::plugin_properties::Shelf;
use crate::model::{Context, Fault, Outcome};

/// The folder in the property store, and the key in it.
const STORE: &str = "plugin";
const TIMEOUT: &str = "timeout";

/// How long the plugin may take for a trigger; as long as it likes when nobody said.
///
/// # Errors
/// When the property cannot be read.
pub fn timeout(layout: &Layout, plugin: &str) -> Outcome<Option<Duration>> {
    for name in [plugin, "--global"] {
        let text = Shelf::of(layout, STORE, name)?.get(TIMEOUT)?.unwrap_or_default();
        if !text.trim().is_empty() {
            return seconds(text.trim());
        }
    }
    Ok(None)
}

/// Sets it for a plugin, or for all (`--global`). Without a value it is forgotten.
///
/// # Errors
/// When it is no number of seconds, or cannot be stored.
pub fn set_timeout(layout: &Layout, plugin: &str, value: Option<&str>) -> Outcome {
    let shelf = Shelf::of(layout, STORE, plugin)?;
    match value {
        Some(value) => {
            seconds(value)?;
            shelf.set(TIMEOUT, value)
        }
        None => shelf.unset(TIMEOUT),
    }
}

/// Forgets what was set for a plugin that goes.
///
/// # Errors
/// When it cannot be removed.
pub fn forget(layout: &Layout, plugin: &str) -> Outcome {
    Shelf::of(layout, STORE, plugin)?.clear()
}

/// 0 is no limit: so one plugin may be freed from the limit of all.
fn seconds(text: &str) -> Outcome<Option<Duration>> {
    let seconds: u32 = text
        .parse()
        .context(|| format!("timeout {text} is no number of seconds"))
        .map_err(|fault: Fault| fault.hint("A whole number of seconds; 0 for no limit"))?;
    Ok((seconds > 0).then(|| Duration::from_secs(seconds.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugins_own_time_wins_over_that_of_all() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::below(folder.path());
        let of = |plugin: &str| timeout(&layout, plugin).unwrap().map(|time| time.as_secs());
        assert_eq!(of("toys"), None);
        set_timeout(&layout, "--global", Some("60")).unwrap();
        set_timeout(&layout, "toys", Some("5")).unwrap();
        set_timeout(&layout, "patient", Some("0")).unwrap();
        assert_eq!((of("toys"), of("patient"), of("other")), (Some(5), None, Some(60)));
        set_timeout(&layout, "toys", None).unwrap();
        assert_eq!(of("toys"), Some(60));
        assert!(
            set_timeout(&layout, "toys", Some("soon")).unwrap_err().message.contains("soon is no number")
        );
    }
}
