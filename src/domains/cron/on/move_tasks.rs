use crate::domains::cron::tasks::TASK_MAINTENANCE;
use crate::domains::cron::{DOMAIN, id};
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::store::properties;

/// The number of a task has the app's name in it: settings of single tasks get the number that the task has in the other
/// app. Without that a suspended task would run again there.
///
/// # Errors
/// When the settings cannot be read or written.
pub fn move_tasks(ctx: &Ctx, old: &AppName, new: &AppName) -> Result {
    let (layout, scope) = (ctx.layout(), Scope::from(new));
    for key in properties::keys(layout, DOMAIN.plugin, &scope)? {
        let Some(moved) = key.strip_prefix(TASK_MAINTENANCE).and_then(|id| id::moved(id, old, new)) else {
            continue;
        };
        let value = properties::get(layout, DOMAIN.plugin, &scope, &key)?.unwrap_or_default();
        properties::set(layout, DOMAIN.plugin, &scope, &format!("{TASK_MAINTENANCE}{moved}"), &value)?;
        properties::unset(layout, DOMAIN.plugin, &scope, &key)?;
    }
    Ok(())
}
