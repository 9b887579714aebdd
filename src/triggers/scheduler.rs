//! What a scheduler does for an app.

use crate::kernel::{Ctx, Result, trigger};
use crate::model::AppName;
use crate::store::apps;

/// The scheduler of an app that chose none.
pub const DOCKER_LOCAL: &str = "docker-local";

trigger! {
    /// A container was replaced: it is to be stopped and removed after `wait` seconds (60 without a number).
    SchedulerRegisterRetired = "scheduler-register-retired" { app: AppName, container_id: String, wait: Option<u32> } -> ()

    /// Asks which scheduler the app has.
    SchedulerDetect = "scheduler-detect" { app: String } -> String

    /// Asks whether the app is deployed: success says yes, failure no.
    SchedulerIsDeployed = "scheduler-is-deployed" { scheduler: String, app: AppName } -> ()

    /// Stops all containers of the app, and removes them where the third argument is `true`.
    SchedulerStop = "scheduler-stop" { scheduler: String, app: AppName, remove_containers: Option<bool> } -> ()

    /// The app is being destroyed, its containers are gone: the scheduler forgets it.
    SchedulerPostDelete = "scheduler-post-delete" { scheduler: String, app: AppName, image_tag: String } -> ()

    /// Removes what waits to be retired: of all apps, or of one.
    SchedulerRetire = "scheduler-retire" { scheduler: String, app: Option<AppName> } -> ()
}

/// The scheduler of the app.
///
/// # Errors
/// When a listener fails.
pub async fn scheduler_of(ctx: &Ctx, app: &AppName) -> Result<String> {
    let found = ctx.fire(SchedulerDetect { app: app.to_string() }).await?;
    let first = found.lines().next().unwrap_or_default().trim();
    Ok(if first.is_empty() { DOCKER_LOCAL } else { first }.to_owned())
}

/// True when the app is deployed. For our own scheduler the app's files tell (contract: layout.md section 3), so that
/// asking costs no engine call; any other is asked by trigger.
///
/// # Errors
/// When the scheduler of the app cannot be found out.
pub async fn is_deployed(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let scheduler = scheduler_of(ctx, app).await?;
    if scheduler == DOCKER_LOCAL {
        return Ok(apps::has_containers(ctx.layout(), app)?);
    }
    Ok(ctx.fire(SchedulerIsDeployed { scheduler, app: app.clone() }).await.is_ok())
}
