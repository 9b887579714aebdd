//! Variables of releases before 0.38, which lay in the app's own folder (contract: layout.md section 5).

use crate::kernel::{Ctx, Result};
use crate::model::{Scope, dotenv};
use crate::platform::files;
use crate::store::moved::Moved;
use crate::store::variables::{self, Variables};
use crate::store::{apps, properties};

use super::DOMAIN;

/// The property that says that a scope's old file was taken over.
const DONE: &str = "env-migrated";

/// Takes over the old files of all apps and the global one. With `marks`, scopes without one are noted as well: a
/// file that turns up later is then not believed.
///
/// # Errors
/// When a file cannot be read, written or removed.
pub fn all(ctx: &Ctx, marks: bool) -> Result {
    let scopes = apps::all(ctx.layout())?.into_iter().map(Scope::App);
    for scope in std::iter::once(Scope::Global).chain(scopes) {
        one(ctx, &scope, marks)?;
    }
    Ok(())
}

fn one(ctx: &Ctx, scope: &Scope, marks: bool) -> Result {
    let layout = ctx.layout();
    let file = match scope {
        Scope::Global => layout.root.join("ENV"),
        Scope::App(app) => layout.app(app).join("ENV"),
    };
    let text = files::read_text(&file)?;
    if text.is_none() && !marks {
        return Ok(());
    }
    let is_done = properties::get(layout, DOMAIN.plugin, scope, DONE)?.as_deref() == Some("true");
    match text.map(|text| dotenv::parse(&text)) {
        Some(old) if is_done => set_aside(ctx, scope, &file, &old)?,
        Some(old) => {
            take_over(ctx, scope, old)?;
            properties::set(layout, DOMAIN.plugin, scope, DONE, "true")?;
            files::remove(&file)?;
        }
        None if !is_done => properties::set(layout, DOMAIN.plugin, scope, DONE, "true")?,
        None => {}
    }
    Ok(())
}

/// What became a property since sets that property.
fn take_over(ctx: &Ctx, scope: &Scope, old: Variables) -> Result {
    let (moved, old): (Variables, Variables) =
        old.into_iter().partition(|(key, _)| Moved::of(key, scope).is_some());
    for (key, value) in &moved {
        if let Some(moved) = Moved::of(key, scope) {
            moved.write(ctx.layout(), scope, value)?;
        }
    }
    Ok(variables::change(ctx.layout(), scope, |all| all.extend(old))?)
}

/// A file that was taken over before and is there again has nothing to say; what it says otherwise is kept for people.
fn set_aside(ctx: &Ctx, scope: &Scope, file: &std::path::Path, old: &Variables) -> Result {
    let now = variables::own(ctx.layout(), scope)?;
    let other: Vec<&str> =
        old.iter().filter(|(key, value)| now.get(*key) != Some(value)).map(|(key, _)| key.as_str()).collect();
    if other.is_empty() {
        files::remove(file)?;
        return Ok(());
    }
    let (from, keys) = (file.display(), other.join(" "));
    let aside = file.with_file_name("ENV.migrated");
    files::rename(file, &aside)?;
    ctx.out.warn(format!(
        "Not importing already-migrated ENV file {from}: the current config takes precedence for {keys}"
    ));
    ctx.out.warn(format!(
        "Preserved at {}: re-apply anything still needed with dokku config:set, then delete it - dokku does not read it and it may hold values that were unset on purpose",
        aside.display()
    ));
    Ok(())
}
