//! Suspending and resuming a single task.

use crate::kernel::{Ctx, Failure, Result, switch};
use crate::model::{AppName, Scope};
use crate::store::properties;

use super::tasks::{self, TASK_MAINTENANCE};
use super::{DOMAIN, properties::write};

/// Sets or, with an empty value, clears the setting of a task, and has the crontab written anew.
///
/// # Errors
/// The app or the task is not there, or the value is neither `true` nor `false`.
pub async fn set_task(ctx: &Ctx, app: &AppName, id: &str, value: &str) -> Result {
    ctx.require_app(app)?;
    if id.is_empty() {
        return Err(Failure::user("Invalid task maintenance property, missing ID")
            .hint(format!("cron:list {app} shows the IDs")));
    }
    if !value.is_empty() {
        switch(value)?;
    }
    let (key, scope) = (format!("{TASK_MAINTENANCE}{id}"), Scope::from(app));
    let layout = ctx.layout();
    let is_there = tasks::of_app(ctx, app)?.iter().any(|task| task.id == id);
    // What is left of a task that is gone can be cleared. Nobody else's words become a file's name.
    let is_left = || properties::keys(layout, DOMAIN.plugin, &scope).map(|keys| keys.contains(&key));
    let is_known = is_there || (value.is_empty() && is_left()?);
    if !is_known {
        return Err(Failure::user(format!(
            "Invalid task maintenance property, no matching task ID found: {key}"
        )));
    }
    let out = ctx.out.unless_quiet();
    if value.is_empty() {
        out.heading(format!("Unsetting {key}"));
        properties::unset(layout, DOMAIN.plugin, &scope, &key)?;
    } else {
        out.heading(format!("Setting {key} to {value}"));
        properties::set(layout, DOMAIN.plugin, &scope, &key, value)?;
    }
    write(ctx, &scope).await
}
