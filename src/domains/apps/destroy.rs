use crate::deploy::{self, Cleanup, Turn, cleanup};
use crate::kernel::{Command, Ctx, Gate, Result, confirm};
use crate::model::{AppName, Scope};
use crate::platform::files;
use crate::store::{builds, properties};
use crate::triggers::{self, PostDelete, PreDelete, SchedulerPostDelete, SchedulerRetire, SchedulerStop};

/// Permanently destroy an app
///
/// Its containers, images, code, settings and data are gone for good; mounted folders of the host
/// stay. Asks for the name first, unless `--force` is given.
#[derive(clap::Args)]
pub struct Destroy {
    /// Do not ask
    #[arg(long)]
    force: bool,
    /// Name of the app
    app: AppName,
}

impl Command for Destroy {
    const NAME: &'static str = "apps:destroy";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if !self.force {
            confirm::destruction(ctx, "app", self.app.as_str())?;
        }
        destroy(ctx, &self.app).await
    }
}

/// Destroys an app. Its folder goes last: whatever interrupts this, the app is still there by name, and
/// the next try finishes what this one began, for each step also works where there is nothing left to do.
pub async fn destroy(ctx: &Ctx, app: &AppName) -> Result {
    ctx.out.step(format!("Destroying {app} (including all add-ons)"));
    end_deploys(ctx, app).await?;
    // Whoever waits for the turn finds the app gone; without it a deploy would begin in the midst of this.
    let _turn = Turn::take_the_last(ctx, app).await?;
    let scheduler = triggers::scheduler_of(ctx, app).await?;
    let image_tag = triggers::running_tag(ctx, app, "").await?;
    ctx.fire(PreDelete { app: app.clone(), image_tag: image_tag.clone() }).await?;
    ctx.fire(SchedulerStop { scheduler: scheduler.clone(), app: app.clone(), remove_containers: Some(true) })
        .await?;
    ctx.fire(SchedulerPostDelete {
        scheduler: scheduler.clone(),
        app: app.clone(),
        image_tag: image_tag.clone(),
    })
    .await?;
    ctx.fire(PostDelete { app: app.clone(), image_tag }).await?;
    for folder in ctx.bus.property_folders() {
        properties::clear(ctx.layout(), folder, &Scope::from(app))?;
    }
    cleanup(ctx, Some(app), Cleanup::Asked).await?;
    ctx.out.step("Retiring old containers and images");
    ctx.fire(SchedulerRetire { scheduler, app: Some(app.clone()) }).await?;
    remove_folder(ctx, app)?;
    // Who looked after it meanwhile may have made the place of its lock anew.
    files::remove_folder(&ctx.layout().app_data("apps", app))?;
    // Routes that followed its containers while they ended may have come in between. They are gone with the folder,
    // and nginx has been told of them or not.
    if let Err(fault) = ctx.platform.proxy.apply(&ctx.layout().control_socket(), app).await {
        ctx.out.debug(fault.to_string());
    }
    Ok(())
}

/// A deploy that still runs would bring containers back to an app that is gone, and one that waits would come before us.
async fn end_deploys(ctx: &Ctx, app: &AppName) -> Result {
    let running = builds::current(ctx.layout(), app)?;
    let waiting = deploy::in_line(ctx, app)?.into_iter().filter(|id| running.as_ref() != Some(id));
    // The last one first: else each would begin as the one before it ends.
    let mut ids: Vec<String> = running.iter().cloned().chain(waiting).collect();
    ids.retain(|id| ctx.env.get("DOKKU_BUILD_ID") != Some(id));
    for id in ids.iter().rev() {
        // One that is past its switch is finished first.
        deploy::cancel(ctx, app, id).await?;
    }
    Ok(())
}

/// The folder may be a symlink to one elsewhere, which is emptied as well.
fn remove_folder(ctx: &Ctx, app: &AppName) -> Result {
    let folder = ctx.layout().app(app);
    if let Some(real) = files::resolved(&folder) {
        files::remove_folder(&real)?;
    }
    Ok(files::remove_folder(&folder)?)
}
