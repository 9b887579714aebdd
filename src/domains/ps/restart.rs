use super::properties::PROPERTIES;
use super::status;
use crate::deploy::Turn;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, all_apps::Apps};
use crate::model::{AppName, Dyno, ProcessType, Scope};
use crate::store::builds::Source;
use crate::store::processes;
use crate::triggers::{self, DOCKER_LOCAL, scheduler_of};

/// Restart an app: replace its containers by new ones of the same image
///
/// Nothing is built. The new containers are checked before the old ones go, as in a deploy. A single container (`web.2`) is
/// stopped and started as it is; those beside it serve on.
///
/// Example: dokku ps:restart shop worker
#[derive(clap::Args)]
pub struct Restart {
    #[command(flatten)]
    apps: Apps,
    /// Only this process type, or this container, such as web.2
    #[arg(value_name = "PROCESS_TYPE")]
    process: Option<String>,
}

impl Command for Restart {
    const NAME: &'static str = "ps:restart";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.apps.is_all() && (self.process.is_some() || self.apps.is_one()) {
            return Err(Failure::user("Unable to restart all apps when specifying a process name"));
        }
        let ctx = &ctx.with_env("DOKKU_BUILD_SOURCE", Source::PsRestart.to_string());
        match self.process {
            Some(process) => {
                let app = self.apps.one(ctx)?;
                match process.parse::<Dyno>() {
                    Ok(dyno) => restart_container(ctx, &app, &dyno).await,
                    Err(_) => restart(ctx, app, Some(process.parse()?)).await,
                }
            }
            None => {
                let apps = self.apps;
                apps.each(ctx, "restart", |ctx, app| Box::pin(async move { restart(&ctx, app, None).await }))
                    .await
            }
        }
    }
}

/// Restarts the app, or one process type of it. An app that has nothing to restart is left alone.
///
/// # Errors
/// Whatever goes wrong in the deploy.
pub async fn restart(ctx: &Ctx, app: AppName, process_type: Option<ProcessType>) -> Result {
    if !status::is_deployed_or_warn(ctx, &app).await? {
        return Ok(());
    }
    ctx.fire(triggers::Deploy { app, image_tag: status::IMAGE_TAG.to_owned(), process_type }).await
}

/// Stops and starts one container, while no deploy of the app runs.
async fn restart_container(ctx: &Ctx, app: &AppName, dyno: &Dyno) -> Result {
    if !status::is_deployed_or_warn(ctx, app).await? {
        return Ok(());
    }
    let scheduler = scheduler_of(ctx, app).await?;
    if scheduler != DOCKER_LOCAL {
        return Err(Failure::user(format!("The scheduler {scheduler} restarts process types only")));
    }
    let _turn = Turn::take(ctx, app, "restart").await?;
    let Some(id) = processes::container(ctx.layout(), app, dyno)? else {
        return Err(Failure::user(format!("{app} has no container {dyno}"))
            .hint(format!("ps:report {app} shows which there are")));
    };
    ctx.out.step(format!("Restarting {dyno} of {app}"));
    let timeout = PROPERTIES.computed(ctx, &Scope::from(app), "stop-timeout-seconds")?;
    Ok(ctx.platform.docker.restart_container(&id, timeout.parse().ok()).await?)
}
