//! A release that dies after its deploy was accepted gives its place back to the one before.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::docker::Filter;
use crate::platform::files;
use crate::store::{apps, builds, properties};
use crate::triggers::{self, scheduler_of};

use super::checks;
use super::intent;
use super::previous::Previous;
use super::settle::undo;
use super::turn::Turn;

/// Takes back the last switch of an app if a container of the new release died while the old ones still
/// run. The build is then recorded as failed. Does nothing when there is nothing to take back.
///
/// # Errors
/// When a part cannot be put back.
pub async fn give_back(ctx: &Ctx, app: &AppName) -> Result {
    let turn = Turn::take(ctx, app, "give-back").await;
    // Destroyed while we waited: there is nothing to give back, and nobody who asked.
    if !apps::exists(ctx.layout(), app) {
        return Ok(());
    }
    let _turn = turn?;
    let Some(previous) = Previous::load(ctx, app)? else { return Ok(()) };
    // What somebody stops on purpose has not died.
    if properties::get(ctx.layout(), "ps", &app.into(), "restore")?.as_deref() == Some("false") {
        return Previous::forget(ctx, app);
    }
    if ctx.platform.clock.now().as_second() > previous.until || !still_runs(ctx, &previous).await? {
        return Previous::forget(ctx, app);
    }
    let Some((id, dyno)) = dead(ctx, &previous.intent.build_id).await? else { return Ok(()) };
    ctx.out.warn(format!("{dyno} of {app} died soon after its deploy: the release before serves again"));
    checks::print_output(ctx, app, &id, &dyno).await?;
    // An intent is what a kill from here on is undone by.
    previous.intent.save(ctx, app)?;
    for (path, text) in &previous.files {
        match text {
            Some(text) => files::write(path, text.as_bytes(), 0o644)?,
            None => drop(files::remove(path)?),
        }
    }
    undo(ctx, app, &previous.intent).await?;
    let cause = format!("{dyno} died soon after the deploy; returned to the release before");
    builds::take_back(ctx.layout(), app, &previous.intent.build_id, &cause)?;
    Previous::forget(ctx, app)?;
    // The tasks by the clock are those of the release that serves.
    let (scheduler, app) = (scheduler_of(ctx, app).await?, Some(app.clone()));
    ctx.fire(triggers::SchedulerCronWrite { scheduler, app }).await
}

async fn still_runs(ctx: &Ctx, previous: &Previous) -> Result<bool> {
    let serving = &previous.intent.serving;
    let running = ctx.platform.docker.list_containers(&Filter::all().and("status", "running")).await?;
    Ok(!serving.is_empty() && serving.iter().all(|(id, _)| running.iter().any(|one| one.id == *id)))
}

/// A container of this deploy that does not run, or was started again by the engine.
async fn dead(ctx: &Ctx, build_id: &str) -> Result<Option<(String, String)>> {
    let filter = Filter::label(format!("{}={build_id}", intent::LABEL))
        .and("label", "com.dokku.container-type=deploy");
    for one in ctx.platform.docker.list_containers(&filter).await? {
        let container = ctx.platform.docker.inspect_container(&one.id).await?;
        if !container.state.running || container.restart_count > 0 {
            let dyno = container.label("com.dokku.dyno").unwrap_or(&container.name).to_owned();
            return Ok(Some((one.id, dyno)));
        }
    }
    Ok(None)
}
