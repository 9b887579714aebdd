//! Environment variables of apps: `config/APP/ENV` (contract: layout.md section 5, "ENV format").

use std::collections::BTreeMap;

use super::{Layout, properties};
use crate::model::{AppName, Outcome, Scope, dotenv};
use crate::platform::{files, lock};

/// Variables, sorted by key.
pub type Variables = BTreeMap<String, String>;

/// The variables set for this scope itself.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn own(layout: &Layout, scope: &Scope) -> Outcome<Variables> {
    let text = files::read_text(&layout.variables(scope))?.unwrap_or_default();
    Ok(dotenv::parse(&text))
}

/// Global variables and those of the app; the app wins.
///
/// # Errors
/// When a file is there and cannot be read.
pub fn merged(layout: &Layout, scope: &Scope) -> Outcome<Variables> {
    let mut variables = own(layout, &Scope::Global)?;
    if let Scope::App(_) = scope {
        variables.extend(own(layout, scope)?);
    }
    Ok(variables)
}

/// Changes the variables of this scope under their lock and writes them if they differ. Returns what `change` returns.
///
/// # Errors
/// When the file cannot be read, locked or written.
pub fn change<T>(layout: &Layout, scope: &Scope, change: impl FnOnce(&mut Variables) -> T) -> Outcome<T> {
    let _lock = locked(layout, scope)?;
    let before = own(layout, scope)?;
    let mut variables = before.clone();
    let answer = change(&mut variables);
    if variables != before {
        write(layout, scope, &variables)?;
    }
    Ok(answer)
}

/// Holds the lock of the variables of this scope.
pub(super) fn locked(layout: &Layout, scope: &Scope) -> Outcome<lock::Lock> {
    lock::Lock::take(&layout.data("locks").join(format!("config.{scope}.lock")))
}

/// Writes all variables of this scope. The caller holds their lock.
pub(super) fn write(layout: &Layout, scope: &Scope, variables: &Variables) -> Outcome {
    files::write(&layout.variables(scope), dotenv::print(variables).as_bytes(), 0o600)
}

/// The variable that each deploy sets to its commit; none where that is not wanted.
///
/// # Errors
/// When the property cannot be read.
pub fn revision_variable(layout: &Layout, scope: &Scope) -> Outcome<Option<String>> {
    let name = properties::get(layout, "git", scope, "rev-env-var")?;
    Ok(Some(name.unwrap_or_else(|| "GIT_REV".to_owned())).filter(|name| !name.is_empty()))
}

/// Forgets the variables of an app.
///
/// An app named like a plugin shares its folder with that plugin's properties (`config/git/ENV` beside
/// `config/git/APP/…`), so that only what is the app's own goes.
///
/// # Errors
/// When the file cannot be removed.
pub fn remove(layout: &Layout, app: &AppName) -> Outcome {
    let file = layout.variables(&Scope::from(app));
    files::remove(&file)?;
    match file.parent() {
        Some(folder) if files::names(folder)?.is_empty() => files::remove_folder(folder),
        _ => Ok(()),
    }
}
