use crate::deploy::{Phase, run_task};
use crate::domains::app_json::content;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::{AppJson, AppName, ProcessType, Scope};
use crate::store::{apps, properties};
use crate::triggers::{self, DOCKER_LOCAL, scheduler_of};

/// Written before the task of a first deploy runs: one that fails is not run again.
const EXECUTED: &str = "heroku.postdeploy";

/// Runs the release task, lets app.json decide the scale, and runs the task of a first deploy.
pub struct Release;

impl Reaction for Release {
    type Trigger = triggers::PostReleaseBuilder;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        let app_json = content::current(ctx, app)?;
        let command = release_command(ctx, app).await?;
        run_task(ctx, app, Phase::Release, &command).await?;
        set_scale(ctx, app, &app_json).await?;
        tell_of_others(ctx, app, &app_json).await?;
        let scope = Scope::from(app);
        if apps::was_deployed(ctx.layout(), app)?
            || properties::get(ctx.layout(), "app-json", &scope, EXECUTED)?.as_deref() == Some("executed")
        {
            return Ok(());
        }
        properties::set(ctx.layout(), "app-json", &scope, EXECUTED, "executed")?;
        run_task(ctx, app, Phase::HerokuPostdeploy, &app_json.scripts.postdeploy).await
    }
}

/// Nobody is to rely on what has no effect.
async fn tell_of_others(ctx: &Ctx, app: &AppName, app_json: &AppJson) -> Result {
    let is_any_said = app_json.formation.values().any(|formation| formation.keys_of_k3s().next().is_some());
    if !is_any_said || scheduler_of(ctx, app).await? != DOCKER_LOCAL {
        return Ok(());
    }
    for (process_type, formation) in &app_json.formation {
        for key in formation.keys_of_k3s() {
            ctx.out.warn(format!(
                "formation.{process_type}.{key} of app.json has no effect: it is for the scheduler k3s, and {app} is run by {DOCKER_LOCAL}"
            ));
        }
    }
    Ok(())
}

async fn release_command(ctx: &Ctx, app: &AppName) -> Result<String> {
    let process_type: ProcessType = "release".parse()?;
    ctx.fire(triggers::ProcfileGetCommand { app: app.clone(), process_type, port: "5000".to_owned() }).await
}

/// Quantities in app.json are the whole scale, and lock it.
async fn set_scale(ctx: &Ctx, app: &AppName, app_json: &AppJson) -> Result {
    let quantities = app_json.quantities()?;
    ctx.fire(triggers::PsCanScale { app: app.clone(), can_scale: quantities.is_none() }).await?;
    let Some(quantities) = quantities else { return Ok(()) };
    let words = quantities.iter().map(|(name, count)| format!("{name}={count}")).collect();
    ctx.fire(triggers::PsSetScale { app: app.clone(), skip_deploy: true, clear_existing: true, words }).await
}
