//! Pushes that the end of the server cut off, to be taken up at its next start: `data/deploys/APP/interrupted/`, a file
//! each, by the name of the quarantine in which its objects wait.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Layout;
use crate::model::{AppName, Context, Outcome};
use crate::platform::files;
use crate::platform::git::HeldPush;

/// What a client gives with a push may be secret.
const MODE: u32 = 0o600;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interrupted {
    /// The build that was cut off. Builds sort by it.
    pub build_id: String,
    /// The system user who pushed.
    pub user: String,
    /// The name of his key.
    pub name: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// What he pushed.
    pub push: HeldPush,
}

/// Writes one down.
///
/// # Errors
/// When it cannot be written.
pub fn note(layout: &Layout, app: &AppName, one: &Interrupted) -> Outcome {
    let path = path(layout, app, &one.push.quarantine);
    let text = serde_json::to_string_pretty(one).context(|| format!("cannot write {}", path.display()))?;
    files::write(&path, text.as_bytes(), MODE)
}

/// True when the push of this quarantine is written down.
pub fn is_noted(layout: &Layout, app: &AppName, quarantine: &str) -> bool {
    files::exists(&path(layout, app, quarantine))
}

/// It was not cut off after all.
///
/// # Errors
/// When the file cannot be removed.
pub fn forget(layout: &Layout, app: &AppName, quarantine: &str) -> Outcome {
    files::remove(&path(layout, app, quarantine)).map(drop)
}

/// Takes the push of an app that came first. Whoever has it must see to it: it is on record no more. What cannot be read
/// is forgotten.
///
/// # Errors
/// When the folder cannot be read, or a file not be removed.
pub fn take(layout: &Layout, app: &AppName) -> Outcome<Option<Interrupted>> {
    let folder = folder(layout, app);
    let mut found: Vec<Interrupted> = Vec::new();
    for name in files::names(&folder)? {
        let bytes = files::read(&folder.join(&name))?.unwrap_or_default();
        match serde_json::from_slice(&bytes) {
            Ok(one) => found.push(one),
            Err(_) => drop(files::remove(&folder.join(&name))?),
        }
    }
    let first = found.into_iter().min_by(|left, right| left.build_id.cmp(&right.build_id));
    if let Some(first) = &first {
        forget(layout, app, &first.push.quarantine)?;
    }
    Ok(first)
}

/// The apps that have any.
///
/// # Errors
/// When the folder cannot be read.
pub fn apps(layout: &Layout) -> Outcome<Vec<AppName>> {
    let names = files::folder_names(&layout.data("deploys"))?;
    let apps = names.into_iter().filter_map(|name| name.parse().ok());
    Ok(apps.filter(|app| files::names(&folder(layout, app)).is_ok_and(|names| !names.is_empty())).collect())
}

fn folder(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("deploys", app).join("interrupted")
}

fn path(layout: &Layout, app: &AppName, quarantine: &str) -> PathBuf {
    folder(layout, app).join(format!("{quarantine}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(build_id: &str, quarantine: &str) -> Interrupted {
        Interrupted {
            build_id: build_id.to_owned(),
            user: "dokku".to_owned(),
            name: "ann".to_owned(),
            fingerprint: String::new(),
            push: HeldPush {
                quarantine: quarantine.to_owned(),
                updates: Vec::new(),
                options: Vec::new(),
                is_atomic: false,
            },
        }
    }

    #[test]
    fn they_are_taken_once_and_in_their_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let app: AppName = "shop".parse().expect("a name");
        assert_eq!(take(&layout, &app).expect("readable"), None);
        for one in [push("b2", "a"), push("b1", "b"), push("b3", "c")] {
            note(&layout, &app, &one).expect("writable");
        }
        assert!(is_noted(&layout, &app, "c"));
        forget(&layout, &app, "c").expect("removed");
        assert!(!is_noted(&layout, &app, "c"));
        assert_eq!(apps(&layout).expect("readable"), std::slice::from_ref(&app));
        files::write(&path(&layout, &app, "broken"), b"{}", MODE).expect("writable");
        for expected in [Some(push("b1", "b")), Some(push("b2", "a")), None] {
            assert_eq!(take(&layout, &app).expect("readable"), expected);
        }
        assert!(apps(&layout).expect("readable").is_empty());
    }
}
