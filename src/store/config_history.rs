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
use super::numbered::{Numbered, Records};
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

impl Numbered for Revision {
    fn number(&self) -> u64 {
        self.number
    }

    fn variables(&self) -> &KeptVariables {
        &self.variables
    }
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
    let records = records(layout, scope);
    let mut last: Option<Revision> = records.newest()?;
    let known = match &last {
        Some(last) => records.shelf().load(&last.variables).unwrap_or_default(),
        None => Variables::new(),
    };
    if known != *before {
        let outside =
            Note { operation: OUTSIDE.to_owned(), by: String::new(), rolled_back_to: None, ..note.clone() };
        last = Some(add(&records, &outside, last.as_ref(), &known, before)?);
    }
    if before != after {
        add(&records, note, last.as_ref(), before, after)?;
    }
    prune(&records)
}

fn add(
    records: &Records,
    note: &Note,
    last: Option<&Revision>,
    before: &Variables,
    after: &Variables,
) -> Outcome<Revision> {
    let number = records.next_number()?;
    let revision = Revision {
        schema: SCHEMA,
        number,
        at: note.at,
        by: note.by.clone(),
        operation: note.operation.clone(),
        rolled_back_to: note.rolled_back_to,
        changes: kept_variables::changes(before, after),
        variables: records.shelf().keep(number, after, last.map(|last| &last.variables))?,
    };
    records.write(&revision)?;
    Ok(revision)
}

/// Forgets the oldest beyond those that are kept.
fn prune(records: &Records) -> Outcome {
    let mut all: Vec<Revision> = records.all()?;
    let takes = |all: &[Revision]| kept_variables::bytes(all.iter().map(|one| &one.variables));
    let mut goes = Vec::new();
    while all.len() > 2 && (all.len() > KEPT || takes(&all) > KEPT_BYTES) {
        goes.extend(all.pop().map(|one| one.number));
    }
    if goes.is_empty() { Ok(()) } else { records.forget::<Revision>(&goes) }
}

/// All that are kept, the newest first. Files that are no records are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(layout: &Layout, scope: &Scope) -> Outcome<Vec<Revision>> {
    records(layout, scope).all()
}

/// One, if it is kept.
///
/// # Errors
/// When it is there and cannot be understood.
pub fn load(layout: &Layout, scope: &Scope, number: u64) -> Outcome<Option<Revision>> {
    records(layout, scope).load(number)
}

/// The variables as they were after a revision.
///
/// # Errors
/// When a value is gone.
pub fn variables_of(layout: &Layout, scope: &Scope, revision: &Revision) -> Outcome<Variables> {
    records(layout, scope).shelf().load(&revision.variables)
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

fn folder(layout: &Layout, scope: &Scope) -> PathBuf {
    layout.data("config").join(scope.to_string())
}

fn records(layout: &Layout, scope: &Scope) -> Records {
    let folder = folder(layout, scope);
    Records::new(folder.join("history"), Shelf::new(folder.join("values")))
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
