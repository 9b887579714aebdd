//! The whole volume, app by app: what is wrong with one keeps no other from being taken over.

use jiff::Timestamp;

use super::report::Report;
use super::{containers, env, mounts, options, rest, scale, variables};
use crate::model::{AppName, Outcome, Scope};
use crate::platform::files;
use crate::store::{Layout, apps};

/// Takes over what is there. Files in old forms are looked for each time, for an app may be copied onto the volume at
/// any time; all else once.
///
/// # Errors
/// When the volume cannot be read at all. What fails of an app is in the report, and tried again at the next start.
pub fn take_over(layout: &Layout, now: Timestamp) -> Outcome<Report> {
    let mut report = Report::begin(layout, now);
    let is_first = !files::exists(&layout.is_taken_over());
    let mut is_whole = attempt(&mut report, &Scope::Global, |report| {
        env::adopt(layout, &Scope::Global, false, report)?;
        if is_first { variables::adopt(layout, &Scope::Global, report) } else { Ok(()) }
    })?;
    for app in apps::all(layout)? {
        is_whole &= match files::names(&layout.app(&app)) {
            Ok(found) => adopt_app(layout, &app, &found, is_first, &mut report)?,
            Err(fault) => {
                report.left(&Scope::from(&app), fault.to_string())?;
                false
            }
        };
    }
    for name in apps::misnamed(layout)? {
        let text = format!(
            "{name} has a name that no app can have today: rename its folder {}/{name}",
            layout.root.display()
        );
        report.left(&Scope::Global, text)?;
    }
    if is_first && is_whole {
        options::done(layout)?;
        rest::note_pending(layout)?;
        files::write(&layout.is_taken_over(), b"1\n", 0o644)?;
    }
    Ok(report)
}

/// True when all of the app was taken over.
fn adopt_app(
    layout: &Layout,
    app: &AppName,
    found: &[String],
    is_first: bool,
    report: &mut Report,
) -> Outcome<bool> {
    let scope = Scope::from(app);
    let has = |name: &str| found.iter().any(|file| file == name);
    let has_options = found.iter().any(|file| file.starts_with(options::FILE));
    let mut is_whole = true;
    let mut step = |is_wanted: bool, act: &dyn Fn(&mut Report) -> Outcome| -> Outcome {
        if is_wanted {
            is_whole &= attempt(report, &scope, act)?;
        }
        Ok(())
    };
    // Its folder tells it as long as nothing in there has changed.
    step(is_first, &|_| rest::adopt_age(layout, app))?;
    step(has("ENV"), &|report| env::adopt(layout, &scope, false, report))?;
    step(is_first, &|report| variables::adopt(layout, &scope, report))?;
    step(has_options, &|report| options::adopt(layout, app, report))?;
    step(is_first || has_options, &|report| options::tidy(layout, app, report))?;
    step(has(mounts::FILE), &|report| mounts::adopt_file(layout, app, report))?;
    step(is_first || has_options, &|report| {
        let is_done = !has_options && mounts::is_adopted(layout, app)?;
        if is_done { Ok(()) } else { mounts::adopt(layout, app, report) }
    })?;
    step(has(scale::FILE) || has(scale::FROM_CODE), &|report| scale::adopt(layout, app, report))?;
    step(containers::FILES.into_iter().any(has), &|report| containers::adopt(layout, app, report))?;
    step(has(rest::URLS), &|report| rest::adopt_urls(layout, app, report))?;
    step(has(rest::LOCK), &|report| rest::adopt_lock(layout, app, report))?;
    Ok(is_whole)
}

/// Does a step; one that fails is noted.
fn attempt(report: &mut Report, scope: &Scope, act: impl Fn(&mut Report) -> Outcome) -> Outcome<bool> {
    let Err(fault) = act(report) else { return Ok(true) };
    report.left(scope, fault.to_string())?;
    Ok(false)
}
