//! Stopping containers for good.

use futures_util::future::join_all;

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::model::run_plan::RestartPolicy;
use crate::platform::docker::OrGone;
use crate::triggers;

/// How many seconds a container of the app has between TERM and KILL.
///
/// # Errors
/// When whoever is asked fails.
pub async fn timeout(ctx: &Ctx, app: &AppName) -> Result<Option<i64>> {
    let key = "stop-timeout-seconds".to_owned();
    let text = ctx.fire(triggers::PsGetProperty { app: app.clone(), key }).await?;
    Ok(text.trim().parse().ok())
}

/// Stops a container, and keeps the engine from starting it again.
///
/// # Errors
/// When the engine cannot stop it. One that is gone is fine.
pub async fn stop(ctx: &Ctx, app: &AppName, id: &str) -> Result {
    let docker = &ctx.platform.docker;
    // A container that is on its way out cannot be changed any more.
    let _ = docker.update_restart(id, &RestartPolicy::No).await;
    Ok(docker.stop_container(id, timeout(ctx, app).await?).await.or_gone()?)
}

/// Stops several side by side. What cannot be stopped is told and does not keep the others.
///
/// # Errors
/// Never: what goes wrong is told.
pub async fn stop_all(ctx: &Ctx, app: &AppName, ids: &[String]) -> Result {
    let outcomes = join_all(ids.iter().map(|id| stop(ctx, app, id))).await;
    for (id, outcome) in ids.iter().zip(outcomes) {
        if let Err(failure) = outcome {
            ctx.out.warn(format!("Unable to stop container {id}: {failure}"));
        }
    }
    Ok(())
}
