//! `DOKKU_SCALE`: how many processes of each type, until 0.25.

use super::old_file;
use super::report::Report;
use crate::model::{AppName, Outcome, Scale, Scope, scale};
use crate::platform::files;
use crate::store::{Layout, processes, properties};

/// The scale.
pub const FILE: &str = "DOKKU_SCALE";

/// There when the scale came with the app's code, and `ps:scale` was refused.
pub const FROM_CODE: &str = "DOKKU_SCALE.extracted";

/// Takes over the scale, unless the app has one in today's form.
///
/// # Errors
/// When something cannot be read, written or removed.
pub fn adopt(layout: &Layout, app: &AppName, report: &mut Report) -> Outcome {
    let (scope, file) = (Scope::from(app), layout.app(app).join(FILE));
    if let Some(text) = old_file::read(&file)? {
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        match scale::parse(&lines) {
            Err(fault) => report.set_aside(&scope, &file, &format!("cannot be read ({fault})"))?,
            Ok(old) => {
                let now = processes::scale(layout, app)?;
                let is_new = now.current.is_empty() && now.old.is_empty();
                if is_new {
                    processes::change_scale(layout, app, |now| {
                        Ok(Scale { current: old.clone(), old: now.old.clone() })
                    })?;
                }
                if is_new || now.current == old {
                    report.taken(&scope, format!("scale of {FILE}: {}", scale::lines(&old).join(" ")))?;
                    files::remove(&file)?;
                } else {
                    let now = scale::lines(&now.current).join(" ");
                    report.set_aside(&scope, &file, &format!("was replaced by today's scale ({now})"))?;
                }
            }
        }
    }
    let from_code = layout.app(app).join(FROM_CODE);
    if files::is_file(&from_code) {
        properties::set(layout, "ps", &scope, "can-scale", "false")?;
        report.taken(&scope, "the scale came with the code: ps:scale is refused until the next push")?;
        files::remove(&from_code)?;
    }
    Ok(())
}
