use std::sync::Arc;

use super::status::States;
use super::{start, status};
use crate::kernel::{Command, Ctx, Gate, Result, all_apps};
use crate::model::{AppName, Scope};
use crate::store::processes;
use crate::triggers::{self, DOCKER_LOCAL, scheduler_of};

use super::properties::PROPERTIES;

/// Start apps that ran before, as after a boot
///
/// Without an app: all of them. Apps that were stopped by `ps:stop` stay stopped. Routes of apps that run
/// are left alone meanwhile, and follow containers whose address changed.
#[derive(clap::Args)]
pub struct Restore {
    /// Name of the app
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
    /// How many apps at once; -1 is one per processor
    #[arg(long, value_name = "NUM", default_value_t = 0, allow_negative_numbers = true)]
    parallel: i64,
}

impl Command for Restore {
    const NAME: &'static str = "ps:restore";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.fire(triggers::PreRestore {}).await?;
        match self.app {
            Some(app) if !self.all => {
                ctx.require_app(&app)?;
                restore(ctx, app).await
            }
            app => {
                if app.is_none() && !self.all {
                    ctx.out.warn("Restore specified without app, assuming --all");
                }
                let states = Arc::new(States::of(ctx, None).await?);
                all_apps::each(ctx, "restore", self.parallel, |ctx, app| {
                    let states = Arc::clone(&states);
                    Box::pin(async move {
                        match is_up(&ctx, &app, &states).await? {
                            true => Ok(()),
                            false => restore(&ctx, app).await,
                        }
                    })
                })
                .await
            }
        }
    }
}

/// True when all containers of the app run already: after a restart of this server alone that is every app, and
/// nothing is asked of the engine for each.
async fn is_up(ctx: &Ctx, app: &AppName, states: &States) -> Result<bool> {
    let is_ours = scheduler_of(ctx, app).await? == DOCKER_LOCAL;
    let containers = processes::running(ctx.layout(), app)?;
    let is_scaled_down = || -> Result<bool> {
        Ok(processes::scale(ctx.layout(), app)?.current.values().all(|count| *count == 0))
    };
    if is_ours && containers.is_empty() && is_scaled_down()? {
        return Ok(true);
    }
    let is_up = is_ours && states.summary(&containers) == "true";
    if is_up {
        ctx.out.warn(format!("App {app} already running"));
        // An engine that was restarted hands out its addresses anew.
        if states.have_moved(ctx.layout(), app, &containers)? {
            ctx.fire(triggers::ProxyBuildConfig { app: app.clone() }).await?;
        }
    }
    Ok(is_up)
}

async fn restore(ctx: &Ctx, app: AppName) -> Result {
    let scheduler = scheduler_of(ctx, &app).await?;
    ctx.fire(triggers::SchedulerPreRestore { scheduler, app: app.clone() }).await?;
    if !status::is_deployed_or_warn(ctx, &app).await? {
        return Ok(());
    }
    if PROPERTIES.computed(ctx, &Scope::from(&app), "restore")? == "false" {
        ctx.out.warn(format!("Skipping ps:restore for {app} as restore property is false"));
        return Ok(());
    }
    ctx.out.step("Starting app");
    start::start(ctx, app).await
}
