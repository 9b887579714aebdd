//! What is known of an app's containers without looking closer.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::triggers::{self, is_deployed, scheduler_of};

/// The tag of the image that an app runs.
pub const IMAGE_TAG: &str = "latest";

/// True when the app is deployed; else it is told that it is not.
///
/// # Errors
/// When the scheduler cannot be asked.
pub async fn is_deployed_or_warn(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let is_there = is_deployed(ctx, app).await?;
    if !is_there {
        ctx.out.warn(format!("App {app} has not been deployed"));
    }
    Ok(is_there)
}

/// What the scheduler says of the app: how many containers, and `true`, `false` or `mixed`.
///
/// # Errors
/// When the scheduler cannot be asked.
pub async fn of(ctx: &Ctx, app: &AppName) -> Result<(String, String)> {
    let scheduler = scheduler_of(ctx, app).await?;
    let told = ctx.fire(triggers::SchedulerAppStatus { scheduler, app: app.clone() }).await?;
    let (count, state) = told.trim().split_once(' ').unwrap_or(("-1", "false"));
    Ok((count.to_owned(), state.to_owned()))
}
