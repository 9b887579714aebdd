//! A change of scale that its deploy has not made true yet: `data/deploys/APP/scaling`. Should whoever made it be killed, or
//! the deploy fail, what is wanted becomes what runs again. First the process, then a line `PROCESS_TYPE BEFORE AFTER` each.

use std::path::PathBuf;

use super::{Layout, processes};
use crate::model::scale::Quantities;
use crate::model::{AppName, Outcome, ProcessType};
use crate::platform::files;
use crate::platform::process_mark::ProcessMark;

fn path(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("deploys", app).join("scaling")
}

/// A change that is on its way.
struct Change {
    process_type: ProcessType,
    before: u32,
    after: u32,
}

/// Writes down what is about to change, and how it was: before it changes.
///
/// # Errors
/// When it cannot be written.
pub fn begin(layout: &Layout, app: &AppName, before: &Quantities, changes: &Quantities) -> Outcome {
    let changes = changes.iter().map(|(process_type, after)| {
        let before = before.get(process_type).copied().unwrap_or(0);
        format!("{process_type} {before} {after}\n")
    });
    let text: String = std::iter::once(format!("{}\n", ProcessMark::own())).chain(changes).collect();
    files::write(&path(layout, app), text.as_bytes(), 0o644)
}

/// One process type is deployed as it is wanted; with the last the change is over.
///
/// # Errors
/// When it cannot be written.
pub fn done(layout: &Layout, app: &AppName, process_type: &ProcessType) -> Outcome {
    let text = files::read_text(&path(layout, app))?.unwrap_or_default();
    let is_left = |line: &&str| line.split_once(' ').is_none_or(|(name, _)| name != process_type.as_str());
    let left: Vec<&str> = text.lines().filter(is_left).collect();
    match left.len() {
        0 | 1 => forget(layout, app),
        _ => files::write(&path(layout, app), format!("{}\n", left.join("\n")).as_bytes(), 0o644),
    }
}

/// The change is over, whatever came of it.
///
/// # Errors
/// When the file cannot be removed.
pub fn forget(layout: &Layout, app: &AppName) -> Outcome {
    files::remove(&path(layout, app)).map(drop)
}

/// True when whoever made the change is gone.
pub fn is_abandoned(layout: &Layout, app: &AppName) -> bool {
    let text = files::read_text(&path(layout, app)).ok().flatten();
    text.is_some_and(|text| {
        let mark = text.lines().next().and_then(ProcessMark::parse);
        !mark.is_some_and(|process| process.is_alive())
    })
}

/// Puts back what was not deployed. What somebody has changed since stays.
///
/// # Errors
/// When the scale cannot be read or written.
pub fn undo(layout: &Layout, app: &AppName) -> Outcome {
    let text = files::read_text(&path(layout, app))?.unwrap_or_default();
    let changes: Vec<Change> = text.lines().filter_map(change).collect();
    processes::change_scale(layout, app, |scale| {
        let mut scale = scale.clone();
        for Change { process_type, before, after } in changes {
            if scale.current.get(&process_type).copied().unwrap_or(0) == after {
                scale.current.insert(process_type, before);
            }
        }
        Ok(scale)
    })?;
    forget(layout, app)
}

/// The apps with a change that nobody makes true any more.
///
/// # Errors
/// When the folder cannot be read.
pub fn abandoned(layout: &Layout) -> Outcome<Vec<AppName>> {
    let names = files::folder_names(&layout.data("deploys"))?;
    let apps = names.into_iter().filter_map(|name| name.parse().ok());
    Ok(apps.filter(|app| is_abandoned(layout, app)).collect())
}

fn change(line: &str) -> Option<Change> {
    let words: Vec<&str> = line.split(' ').collect();
    let [name, before, after] = words.as_slice() else { return None };
    let process_type = name.parse().ok()?;
    Some(Change { process_type, before: before.parse().ok()?, after: after.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scale::{lines, parse};

    #[test]
    fn what_was_not_deployed_is_put_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (layout, app) = (Layout::below(folder.path()), "shop".parse().expect("a name"));
        let set = |words: &[&str]| {
            processes::change_scale(&layout, &app, |scale| {
                let mut scale = scale.clone();
                scale.current.extend(parse(words)?);
                Ok(scale)
            })
            .expect("writable")
        };
        let before = set(&["web=2", "worker=1", "beat=1"]).current;
        begin(&layout, &app, &before, &parse(&["web=5", "worker=3", "beat=2"]).expect("a scale"))
            .expect("writable");
        assert!(!is_abandoned(&layout, &app), "its maker lives");
        set(&["web=5", "worker=3", "beat=7"]);
        done(&layout, &app, &"web".parse().expect("a type")).expect("writable");
        undo(&layout, &app).expect("writable");
        let left = processes::scale(&layout, &app).expect("readable").current;
        assert_eq!(lines(&left), ["beat=7", "web=5", "worker=1"]);
        assert!(abandoned(&layout).expect("readable").is_empty());
        files::write(&path(&layout, &app), b"1 2 3\nweb 1 5\n", 0o644).expect("writable");
        assert_eq!(abandoned(&layout).expect("readable"), [app]);
    }
}
