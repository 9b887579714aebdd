//! How the variables of an app, or of all apps, came to be what they are: a record for each change, with all values as
//! they were after it, `data/config/SCOPE/history/N.json`. Large values stand once, in `data/config/SCOPE/values`.
//!
//! The variables are written first, the record second: a kill in between, and whoever writes the file by hand, is
//! found out at the next change, as a record of its own. The variable that names the commit is no part of this: it
//! belongs to the code.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Layout;
use super::kept_variables::{self, Change, KeptVariables, Shelf};
use super::variables::{self, Variables};
use crate::model::{AppName, Context, Outcome, Scope};
use crate::platform::files;

/// How many records are kept of an app.
pub const KEPT: usize = 50;

/// How many bytes of large values are kept of an app. The newest two records stay whatever they take.
pub const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// The form of a record.
const SCHEMA: u32 = 1;

/// What is said of a change that no command made.
pub const OUTSIDE: &str = "outside";

/// A change, and how things were after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The form of the record.
    pub schema: u32,
    /// Its number, from 1.
    pub number: u64,
    /// When, UTC.
    pub at: Timestamp,
    /// Who: the name of the SSH key, or the user of the system.
    pub by: String,
    /// What was done: a command, `deploy`, `plugin`, or `outside`.
    pub operation: String,
    /// The revision that was returned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_back_to: Option<u64>,
    /// What is different from the revision before.
    pub changes: Vec<Change>,
    /// All variables.
    pub variables: KeptVariables,
}

/// Who changes something, and how.
#[derive(Clone, Debug)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What is done.
    pub operation: String,
    /// The revision that is returned to.
    pub rolled_back_to: Option<u64>,
}

/// Changes variables under their lock, and writes down how. Returns what `change` returns.
///
/// # Errors
/// When a file cannot be read, locked or written.
pub fn change<T>(
    layout: &Layout,
    scope: &Scope,
    note: &Note,
    change: impl FnOnce(&mut Variables) -> T,
) -> Outcome<T> {
    let _lock = variables::locked(layout, scope)?;
    let all = variables::own(layout, scope)?;
    let mut changed = all.clone();
    let answer = change(&mut changed);
    if changed != all {
        variables::write(layout, scope, &changed)?;
        let hidden = variables::revision_variable(layout, scope)?;
        record(layout, scope, note, &without(all, hidden.as_deref()), &without(changed, hidden.as_deref()))
            .context(|| format!("the variables of {scope} are set, but their history cannot be written"))?;
    }
    Ok(answer)
}

fn without(mut variables: Variables, hidden: Option<&str>) -> Variables {
    if let Some(key) = hidden {
        variables.remove(key);
    }
    variables
}

fn record(layout: &Layout, scope: &Scope, note: &Note, before: &Variables, after: &Variables) -> Outcome {
    let mut last = newest(layout, scope)?;
    let known = match &last {
        Some(last) => shelf(layout, scope).load(&last.variables).unwrap_or_default(),
        None => Variables::new(),
    };
    if known != *before {
        let outside =
            Note { operation: OUTSIDE.to_owned(), by: String::new(), rolled_back_to: None, ..note.clone() };
        last = Some(add(layout, scope, &outside, last.as_ref(), &known, before)?);
    }
    if before != after {
        add(layout, scope, note, last.as_ref(), before, after)?;
    }
    prune(layout, scope)
}

fn add(
    layout: &Layout,
    scope: &Scope,
    note: &Note,
    last: Option<&Revision>,
    before: &Variables,
    after: &Variables,
) -> Outcome<Revision> {
    let number = numbers(layout, scope)?.last().map_or(1, |number| number + 1);
    let revision = Revision {
        schema: SCHEMA,
        number,
        at: note.at,
        by: note.by.clone(),
        operation: note.operation.clone(),
        rolled_back_to: note.rolled_back_to,
        changes: kept_variables::changes(before, after),
        variables: shelf(layout, scope).keep(number, after, last.map(|last| &last.variables))?,
    };
    let text = serde_json::to_string(&revision).context(|| "cannot write a revision of variables")?;
    files::write(&path(layout, scope, number), text.as_bytes(), 0o600)?;
    Ok(revision)
}

/// Forgets the oldest beyond those that are kept.
fn prune(layout: &Layout, scope: &Scope) -> Outcome {
    let mut all = all(layout, scope)?;
    let takes = |all: &[Revision]| kept_variables::bytes(all.iter().map(|one| &one.variables));
    let mut goes = Vec::new();
    while all.len() > 2 && (all.len() > KEPT || takes(&all) > KEPT_BYTES) {
        goes.extend(all.pop());
    }
    for revision in &goes {
        files::remove(&path(layout, scope, revision.number))?;
    }
    if goes.is_empty() {
        return Ok(());
    }
    shelf(layout, scope).sweep(all.iter().map(|one| &one.variables))
}

/// All that are kept, the newest first. Files that are no records are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(layout: &Layout, scope: &Scope) -> Outcome<Vec<Revision>> {
    let numbers = numbers(layout, scope)?;
    Ok(numbers.into_iter().rev().filter_map(|number| load(layout, scope, number).ok().flatten()).collect())
}

/// One, if it is kept.
///
/// # Errors
/// When it is there and cannot be understood.
pub fn load(layout: &Layout, scope: &Scope, number: u64) -> Outcome<Option<Revision>> {
    let path = path(layout, scope, number);
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).context(|| format!("cannot read {}", path.display()))
}

fn newest(layout: &Layout, scope: &Scope) -> Outcome<Option<Revision>> {
    let mut numbers = numbers(layout, scope)?.into_iter().rev();
    Ok(numbers.find_map(|number| load(layout, scope, number).ok().flatten()))
}

/// The variables as they were after a revision.
///
/// # Errors
/// When a value is gone.
pub fn variables_of(layout: &Layout, scope: &Scope, revision: &Revision) -> Outcome<Variables> {
    shelf(layout, scope).load(&revision.variables)
}

/// The variables as they are, without the one that names the commit.
///
/// # Errors
/// When they cannot be read.
pub fn now(layout: &Layout, scope: &Scope) -> Outcome<Variables> {
    let hidden = variables::revision_variable(layout, scope)?;
    Ok(without(variables::own(layout, scope)?, hidden.as_deref()))
}

/// Gives an app the records of another, as when it gets its name.
///
/// # Errors
/// When they cannot be copied.
pub fn copy(layout: &Layout, old: &AppName, new: &AppName) -> Outcome {
    files::copy_all(&folder(layout, &old.into()), &folder(layout, &new.into()))
}

/// Forgets all of an app.
///
/// # Errors
/// When the folder cannot be removed.
pub fn forget(layout: &Layout, app: &AppName) -> Outcome {
    files::remove_folder(&folder(layout, &app.into()))
}

/// The numbers of the files, ascending.
fn numbers(layout: &Layout, scope: &Scope) -> Outcome<Vec<u64>> {
    let names = files::names(&folder(layout, scope).join("history"))?;
    let mut numbers: Vec<u64> =
        names.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn folder(layout: &Layout, scope: &Scope) -> PathBuf {
    layout.data("config").join(scope.to_string())
}

fn path(layout: &Layout, scope: &Scope, number: u64) -> PathBuf {
    folder(layout, scope).join("history").join(format!("{number}.json"))
}

fn shelf(layout: &Layout, scope: &Scope) -> Shelf {
    Shelf::new(folder(layout, scope).join("values"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> (tempfile::TempDir, Layout, Scope) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        (folder, layout, Scope::App("shop".parse().expect("a name")))
    }

    fn note(second: i64) -> Note {
        Note {
            at: Timestamp::from_second(1_700_000_000 + second).expect("a time"),
            by: "admin".to_owned(),
            operation: "config:set".to_owned(),
            rolled_back_to: None,
        }
    }

    fn set(layout: &Layout, scope: &Scope, key: &str, value: &str) {
        change(layout, scope, &note(1), |all| all.insert(key.to_owned(), value.to_owned()))
            .expect("writable");
    }

    fn told(layout: &Layout, scope: &Scope) -> Vec<String> {
        let line = |one: &Revision| {
            let changes: Vec<String> = one.changes.iter().map(ToString::to_string).collect();
            format!("{} {}: {}", one.number, one.operation, changes.join(", "))
        };
        all(layout, scope).expect("readable").iter().map(line).collect()
    }

    #[test]
    fn each_change_is_a_revision_and_nothing_else_is() {
        let (_folder, layout, scope) = server();
        set(&layout, &scope, "A", "1");
        set(&layout, &scope, "A", "1");
        set(&layout, &scope, "GIT_REV", "abc");
        set(&layout, &scope, "A", "2");
        assert_eq!(told(&layout, &scope), ["2 config:set: A changed", "1 config:set: A added"]);
        let first = load(&layout, &scope, 1).expect("readable").expect("kept");
        let values = variables_of(&layout, &scope, &first).expect("readable");
        assert_eq!(values, [("A".to_owned(), "1".to_owned())].into());
    }

    #[test]
    fn what_was_there_before_and_what_others_wrote_is_told_apart() {
        let (_folder, layout, scope) = server();
        variables::change(&layout, &scope, |all| all.insert("OLD".to_owned(), "1".to_owned())).expect("set");
        set(&layout, &scope, "A", "1");
        variables::change(&layout, &scope, std::mem::take).expect("cleared");
        set(&layout, &scope, "B", "1");
        assert_eq!(
            told(&layout, &scope),
            [
                "4 config:set: B added",
                "3 outside: A removed, OLD removed",
                "2 config:set: A added",
                "1 outside: OLD added"
            ]
        );
    }

    #[test]
    fn old_revisions_go_by_number_and_by_size() {
        let (_folder, layout, scope) = server();
        for number in 0..KEPT + 7 {
            set(&layout, &scope, "A", &number.to_string());
        }
        assert_eq!(all(&layout, &scope).expect("readable").len(), KEPT);
        for number in 0..9 {
            set(&layout, &scope, "BIG", &number.to_string().repeat(4 * 1024 * 1024));
        }
        let left = all(&layout, &scope).expect("readable");
        assert_eq!(left.len(), 4, "four of 4 MiB fit");
        let files = files::names(&folder(&layout, &scope).join("values")).expect("readable");
        assert_eq!(files.len(), 4);
    }
}
