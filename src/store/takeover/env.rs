//! Variables of releases before 0.38, which lay in the app's own folder.

use std::path::{Path, PathBuf};

use super::old_file;
use super::report::Report;
use super::variables::become_properties;
use crate::model::{Outcome, Scope, dotenv};
use crate::platform::files;
use crate::store::moved::Moved;
use crate::store::variables::{self, Variables};
use crate::store::{Layout, apps, properties};

/// The plugin whose property says that a scope's old file was taken over, and that property.
const DONE: (&str, &str) = ("config", "env-migrated");

/// Takes over the old files of all apps and the global one. With `marks`, scopes without one are noted as well: a
/// file that turns up later is then not believed.
///
/// # Errors
/// When a file cannot be read, written or removed.
pub fn all(layout: &Layout, marks: bool, report: &mut Report) -> Outcome {
    let scopes = apps::all(layout)?.into_iter().map(Scope::App);
    for scope in std::iter::once(Scope::Global).chain(scopes) {
        adopt(layout, &scope, marks, report)?;
    }
    Ok(())
}

/// The same for one of them.
///
/// # Errors
/// When its file cannot be read, written or removed.
pub fn adopt(layout: &Layout, scope: &Scope, marks: bool, report: &mut Report) -> Outcome {
    let file = file(layout, scope);
    let text = old_file::read(&file)?;
    if text.is_none() && !marks {
        return Ok(());
    }
    let (plugin, key) = DONE;
    let is_done = properties::get(layout, plugin, scope, key)?.as_deref() == Some("true");
    match text {
        Some(text) => {
            let (old, unknown) = dotenv::read(&text);
            if !is_done {
                take_over(layout, scope, old.clone(), report)?;
                properties::set(layout, plugin, scope, key, "true")?;
            }
            if !unknown.is_empty() {
                let why = format!("has what can be no variable ({})", unknown.join(" "));
                report.set_aside(scope, &file, &why)?;
            } else if is_done {
                set_aside(layout, scope, &file, &old, report)?;
            } else {
                files::remove(&file)?;
            }
        }
        None if !is_done => properties::set(layout, plugin, scope, key, "true")?,
        None => {}
    }
    Ok(())
}

fn file(layout: &Layout, scope: &Scope) -> PathBuf {
    match scope {
        Scope::Global => layout.root.join("ENV"),
        Scope::App(app) => layout.app(app).join("ENV"),
    }
}

/// What became a property since sets that property.
fn take_over(layout: &Layout, scope: &Scope, old: Variables, report: &mut Report) -> Outcome {
    let (moved, old): (Variables, Variables) =
        old.into_iter().partition(|(key, _)| Moved::of(key, scope).is_some());
    become_properties(layout, scope, &moved, report)?;
    if old.is_empty() {
        return Ok(());
    }
    let keys = old.keys().cloned().collect::<Vec<_>>().join(" ");
    variables::change(layout, scope, |all| all.extend(old))?;
    report.taken(scope, format!("variables of ENV: {keys}"))
}

/// A file that was taken over before and is there again has nothing to say; what it says otherwise is kept for people.
fn set_aside(layout: &Layout, scope: &Scope, file: &Path, old: &Variables, report: &mut Report) -> Outcome {
    let now = variables::own(layout, scope)?;
    let differs =
        |(key, value): &(&String, &String)| Moved::of(key, scope).is_none() && now.get(*key) != Some(*value);
    let other: Vec<&str> = old.iter().filter(differs).map(|(key, _)| key.as_str()).collect();
    if other.is_empty() {
        files::remove(file)?;
        return Ok(());
    }
    let mut aside = file.with_file_name("ENV.migrated");
    let mut number = 1;
    while files::exists(&aside) {
        number += 1;
        aside = file.with_file_name(format!("ENV.migrated.{number}"));
    }
    let (from, keys, to) = (file.display(), other.join(" "), aside.display());
    report.left(
        scope,
        format!(
            "Not importing already-migrated ENV file {from}: the current config takes precedence for {keys}"
        ),
    )?;
    report.left(
        scope,
        format!(
            "Preserved at {to}: re-apply anything still needed with dokku config:set, then delete it - dokku does \
             not read it and it may hold values that were unset on purpose"
        ),
    )?;
    files::rename(file, &aside)
}
