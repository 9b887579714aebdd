//! Containers that did not pass their checks: `CID PROC.N` lines, and what each wrote, for `logs:failed`. A failed
//! container itself is removed at once.

use std::path::PathBuf;

use super::Layout;
use crate::model::{AppName, Outcome};
use crate::platform::files;

/// A failed container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedContainer {
    /// Its id.
    pub id: String,
    /// Its place, `web.1`.
    pub name: String,
}

fn list(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("scheduler-docker-local", app).join("failed-containers")
}

fn logs(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("scheduler-docker-local", app).join("failed-logs")
}

/// Those of the last deploys, in their order.
///
/// # Errors
/// When the list cannot be read.
pub fn all(layout: &Layout, app: &AppName) -> Outcome<Vec<FailedContainer>> {
    let text = files::read_text(&list(layout, app))?.unwrap_or_default();
    let line = |line: &str| {
        let (id, name) = line.split_once(' ')?;
        Some(FailedContainer { id: id.to_owned(), name: name.to_owned() })
    };
    Ok(text.lines().filter_map(line).collect())
}

/// What one wrote, if it was kept.
///
/// # Errors
/// When the file cannot be read.
pub fn output(layout: &Layout, app: &AppName, id: &str) -> Outcome<Option<Vec<u8>>> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    files::read(&logs(layout, app).join(id))
}

/// Remembers one, and what it wrote.
///
/// # Errors
/// When the files cannot be written.
pub fn note(layout: &Layout, app: &AppName, failed: &FailedContainer, output: &[u8]) -> Outcome {
    files::write(&logs(layout, app).join(&failed.id), output, 0o600)?;
    files::append(&list(layout, app), &format!("{} {}\n", failed.id, failed.name), 0o644)
}

/// Forgets all: another deploy begins.
///
/// # Errors
/// When the files cannot be removed.
pub fn clear(layout: &Layout, app: &AppName) -> Outcome {
    files::remove_folder(&logs(layout, app))?;
    files::remove(&list(layout, app)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_kept_until_the_next_deploy() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        let app: AppName = "shop".parse().expect("a name");
        let failed = FailedContainer { id: "00aa".to_owned(), name: "web.1".to_owned() };
        note(&layout, &app, &failed, b"cannot bind\n").expect("writable");
        assert_eq!(all(&layout, &app).expect("readable"), [failed]);
        assert_eq!(output(&layout, &app, "00aa").expect("readable").as_deref(), Some(&b"cannot bind\n"[..]));
        assert_eq!(output(&layout, &app, "../x").expect("refused"), None);
        clear(&layout, &app).expect("removable");
        assert!(all(&layout, &app).expect("readable").is_empty());
    }
}
