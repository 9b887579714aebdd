//! What needs no form of its own today, and what only the engine can give.

use super::old_file;
use super::report::Report;
use crate::model::{AppName, Outcome, Scope};
use crate::platform::files;
use crate::store::{Extracted, Layout, apps, properties, vhosts};

/// Addresses of the app, written anew by each change of its domains.
pub const URLS: &str = "URLS";

/// The lock of `apps:lock`, and of each deploy, until 0.30.
pub const LOCK: &str = ".deploy.lock";

/// Addresses follow from the domains today; one that does not is kept for people.
///
/// # Errors
/// When a file cannot be read or moved.
pub fn adopt_urls(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    let (scope, file) = (Scope::from(app), layout.app(app).join(URLS));
    let Some(text) = old_file::read(&file)? else { return Ok(()) };
    let domains = vhosts::read(layout, &scope)?;
    let is_known = |line: &str| {
        let host = line.split("://").nth(1).unwrap_or(line).split([':', '/']).next().unwrap_or_default();
        domains.iter().any(|domain| domain == host)
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    if lines.all(is_known) {
        return files::remove(&file).map(drop);
    }
    report.set_aside(&scope, &file, "has addresses of other domains than the app's")
}

/// A lock may be left over from a deploy that was cut off, and would then keep all later ones away.
///
/// # Errors
/// When it cannot be noted or removed.
pub fn adopt_lock(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    report.left(&app.into(), format!("the app was locked: `dokku apps:lock {app}` locks it again"))?;
    files::remove(&layout.app(app).join(LOCK)).map(drop)
}

/// When an app was made, for one that was made before that was written down.
///
/// # Errors
/// When it cannot be read or written.
pub fn adopt_age(layout: &Layout, app: &AppName) -> Outcome {
    let scope = Scope::from(app);
    if properties::get(layout, "apps", &scope, "created-at")?.is_none()
        && let Some(time) = files::modified_at(&layout.app(app))
    {
        properties::set(layout, "apps", &scope, "created-at", &time.to_string())?;
    }
    Ok(())
}

/// An app whose files of the release are in its image alone: releases before 0.29 looked there, those before 0.31 for
/// CHECKS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The app.
    pub app: AppName,
    /// Which files are missing on the volume.
    pub files: Vec<Extracted>,
}

/// Finds them and writes them down, for the engine may not be there yet.
///
/// # Errors
/// When something cannot be read or written.
pub fn note_pending(layout: &Layout) -> Outcome {
    let mark = properties::get(layout, "nginx", &Scope::Global, "nginx-conf-sigil-migrated")?;
    let is_before_0_29 = mark.as_deref() != Some("true");
    let mut all = Vec::new();
    for app in apps::all(layout)? {
        let is_todays = !files::names(&layout.builds(&app))?.is_empty()
            || properties::get(layout, "ports", &(&app).into(), "map-detected")?.is_some();
        if is_todays || !apps::has_containers(layout, &app)? {
            continue;
        }
        let is_missing = |file: &Extracted| {
            (is_before_0_29 || *file == Extracted::Checks) && !files::exists(&file.path(layout, &app))
        };
        let missing: Vec<Extracted> = Extracted::ALL.into_iter().filter(is_missing).collect();
        if !missing.is_empty() {
            all.push(Pending { files: missing, app });
        }
    }
    save(layout, &all)
}

/// Those that are not settled yet.
///
/// # Errors
/// When the list cannot be read.
pub fn pending(layout: &Layout) -> Outcome<Vec<Pending>> {
    let text = files::read_text(&layout.files_in_images())?.unwrap_or_default();
    let read = |line: &str| {
        let (app, names) = line.split_once(' ')?;
        let files =
            Extracted::ALL.into_iter().filter(|file| names.split(' ').any(|name| name == file.name()));
        Some(Pending { app: app.parse().ok()?, files: files.collect() })
    };
    Ok(text.lines().filter_map(read).collect())
}

/// Takes an app off the list.
///
/// # Errors
/// When the list cannot be read or written.
pub fn settle(layout: &Layout, app: &AppName) -> Outcome {
    let mut all = pending(layout)?;
    all.retain(|one| one.app != *app);
    save(layout, &all)
}

fn save(layout: &Layout, all: &[Pending]) -> Outcome {
    if all.is_empty() {
        // What 0.38 asks, lest it look into images itself.
        properties::set(layout, "nginx", &Scope::Global, "nginx-conf-sigil-migrated", "true")?;
        return files::remove(&layout.files_in_images()).map(drop);
    }
    let line = |one: &Pending| {
        let names: Vec<&str> = one.files.iter().map(|file| file.name()).collect();
        format!("{} {}\n", one.app, names.join(" "))
    };
    let text: String = all.iter().map(line).collect();
    files::write(&layout.files_in_images(), text.as_bytes(), 0o644)
}
