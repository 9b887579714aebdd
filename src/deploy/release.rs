//! From an image to a release: variables and tasks before the deploy, then the scheduler.

use crate::kernel::{Ctx, Failure, Kind, Result};
use crate::model::scale::{Clear, Quantities, Scale};
use crate::model::{AppName, ProcessType, Procfile};
use crate::store::{Extracted, builds, processes, properties};
use crate::triggers;

use super::capture::recorded;
use super::image::{self, image_name};
use super::intent::{Intent, note_scale, note_scale_after};
use super::settle::commit;
use super::step::Step;

/// Releases and deploys the image that an app has: after a change of variables, a start, a restart.
///
/// # Errors
/// The first step that fails; what served before still serves. An app without an image is no error.
pub async fn release_and_deploy(ctx: &Ctx, app: &AppName, origin: builds::Source) -> Result {
    if image::find(ctx, &image_name(app, None)).await?.is_none() {
        return Ok(());
    }
    recorded(ctx, app, origin.into(), |ctx| async move {
        let is_push = Intent::load(&ctx, app)?.is_some();
        if !is_push {
            Intent::begin(&ctx, app).await?.save(&ctx, app)?;
        }
        let builder = properties::get(ctx.layout(), "builder", &app.into(), "detected")?;
        release(&ctx, app, &builder.unwrap_or_else(|| "dockerfile".to_owned())).await?;
        // A push around us decides itself when its deploy is final.
        if is_push { Ok(()) } else { commit(&ctx, app).await }
    })
    .await
    .map(drop)
}

/// New containers of the image that an app has, all process types or one, without a release.
///
/// # Errors
/// The first step that fails; what served before still serves.
pub async fn redeploy(ctx: &Ctx, app: &AppName, only: Option<ProcessType>, origin: builds::Source) -> Result {
    recorded(ctx, app, origin.into(), |ctx| async move {
        let is_push = Intent::load(&ctx, app)?.is_some();
        schedule(&ctx, app, only).await?;
        if is_push { Ok(()) } else { commit(&ctx, app).await }
    })
    .await
    .map(drop)
}

/// Release and deploy within a recorded deploy.
///
/// # Errors
/// The first step that fails.
pub async fn release(ctx: &Ctx, app: &AppName, builder: &str) -> Result {
    Step::Release.begin(ctx).await;
    image::require(ctx, app, &image_name(app, None)).await?;
    ctx.out.step(format!("Releasing {app}..."));
    note_scale(ctx, app)?;
    ctx.fire(triggers::BuilderRelease {
        builder: builder.to_owned(),
        app: app.clone(),
        image_tag: "latest".to_owned(),
    })
    .await?;
    sync_scale(ctx, app)?;
    note_scale_after(ctx, app)?;
    let scope = app.into();
    if properties::computed(ctx.layout(), "ps", &scope, "skip-deploy", "false")? == "true" {
        ctx.out.step("Skipping deployment");
        ctx.out.plain("");
        return Ok(());
    }
    deploy(ctx, app).await
}

/// Has the scheduler deploy the app, and says where it answers.
///
/// # Errors
/// The first step that fails.
pub async fn deploy(ctx: &Ctx, app: &AppName) -> Result {
    schedule(ctx, app, None).await?;
    ctx.out.heading("Application deployed:");
    let urls = ctx.fire(triggers::DomainsUrls { app: app.clone(), url_type: "published".to_owned() }).await?;
    for url in urls {
        ctx.out.detail(url);
    }
    ctx.out.plain("");
    Ok(())
}

async fn schedule(ctx: &Ctx, app: &AppName, process_type: Option<ProcessType>) -> Result {
    let scheduler = ctx.fire(triggers::SchedulerDetect { app: app.to_string() }).await?;
    let scheduler = if scheduler.is_empty() { "docker-local".to_owned() } else { scheduler };
    ctx.out.step(format!("Deploying {app} via the {scheduler} scheduler..."));
    let deployed = ctx
        .fire(triggers::SchedulerDeploy {
            scheduler: scheduler.clone(),
            app: app.clone(),
            image_tag: "latest".to_owned(),
            process_type,
        })
        .await;
    if deployed.is_ok()
        && let Some(intent) = Intent::load(ctx, app)?
    {
        Intent { is_deployed: true, ..intent }.save(ctx, app)?;
    }
    deployed.map_err(|failure| match failure.kind {
        Kind::Inner(status) if failure.message.is_empty() => {
            Failure::user(format!("The {scheduler} scheduler ended with status {status}"))
        }
        Kind::Inner(_)
        | Kind::User
        | Kind::Usage
        | Kind::Denied
        | Kind::NoSuchApp
        | Kind::Internal
        | Kind::Skipped => failure,
    })
}

/// A new app runs one web process; process types that the code brings are known from here on, with none running.
fn sync_scale(ctx: &Ctx, app: &AppName) -> Result {
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let procfile = Extracted::Procfile.read(ctx.layout(), app, pid)?;
    let procfile = procfile.as_deref().map(Procfile::parse).transpose()?;
    let is_new = properties::get(ctx.layout(), "ps", &app.into(), "scale")?.is_none();
    processes::change_scale(ctx.layout(), app, |scale| {
        let scale = if is_new { Scale::of_new_app() } else { scale.clone() };
        scale.changed(&Quantities::new(), Clear::Nothing, procfile.as_ref())
    })?;
    Ok(())
}
