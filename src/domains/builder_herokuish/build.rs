//! The build: the stack with the code, then herokuish in it, then an image of what it leaves.

use std::sync::Arc;

use crate::deploy::{BuildContainer, Stage, add_options, cache_volume, image_name};
use crate::kernel::{Ctx, Failure, Result, Trigger};
use crate::model::run_plan::Mount;
use crate::model::{AppName, RunPlan, Scope};
use crate::platform::docker::FileOwner;
use crate::platform::source::Source;
use crate::store::variables;
use crate::triggers;

use super::{BUILDER, cache, environment, source_image};

/// The stack unless another is set.
const STACK: &str = "gliderlabs/herokuish:latest-24";

/// How long a buildpack waits for a download, in seconds, unless the server's variables say otherwise.
const PATIENCE: [(&str, &str); 2] = [("CURL_CONNECT_TIMEOUT", "90"), ("CURL_TIMEOUT", "600")];

/// Builds the app's image with buildpacks.
///
/// # Errors
/// When the stack cannot be had, a listener fails, or the build does.
pub async fn build(ctx: &Ctx, app: &AppName, work_dir: &str) -> Result {
    let stack = stack(ctx, app).await?;
    let Some(code) = ctx.source.clone() else {
        return Err(Failure::internal("There is no code to build")
            .hint("builder-build is fired by a deploy, which brings the code"));
    };
    // What plugins do in a build may hang on the app's variables.
    let mut ctx = ctx.clone();
    for (key, value) in variables::own(ctx.layout(), &app.into())? {
        if !key.starts_with("DOKKU_") {
            ctx = ctx.with_env(&key, value);
        }
    }
    let (ctx, builder, work_dir) = (&ctx, BUILDER.to_owned(), work_dir.to_owned());
    let stack = replaced(ctx, app, &work_dir, stack).await?;
    let made = source_image::make(ctx, app, &stack, &code).await;
    let owner = made.inspect_err(|_| ctx.out.warn("Failure extracting app code"))?;
    let before = triggers::PreBuildBuildpack { app: app.clone(), work_dir: work_dir.clone() };
    ctx.fire_deprecated(before, triggers::PreBuild::NAME).await?;
    ctx.fire(triggers::PreBuild { builder: builder.clone(), app: app.clone(), work_dir: work_dir.clone() })
        .await?;
    compile(ctx, app, &code, owner).await?;
    set_ports(ctx, app).await?;
    let after = triggers::PostBuildBuildpack { app: app.clone(), work_dir: work_dir.clone() };
    ctx.fire_deprecated(after, triggers::PostBuild::NAME).await?;
    ctx.fire(triggers::PostBuild { builder, app: app.clone(), work_dir }).await
}

/// The image to build on, said in Dokku's words.
async fn stack(ctx: &Ctx, app: &AppName) -> Result<String> {
    let stack = ctx.fire(triggers::BuildpackStackName { app: app.clone() }).await?;
    let stack = stack.trim();
    if stack.is_empty() {
        ctx.out.step(format!("Building {app} from herokuish"));
        Ok(ctx.env.get("DOKKU_IMAGE").filter(|image| !image.is_empty()).unwrap_or(STACK).to_owned())
    } else {
        ctx.out.step(format!("Building {app} from {stack}"));
        Ok(stack.to_owned())
    }
}

/// Plugins may make an image of their own to build on.
async fn replaced(ctx: &Ctx, app: &AppName, work_dir: &str, stack: String) -> Result<String> {
    let (builder, work_dir) = (BUILDER.to_owned(), work_dir.to_owned());
    ctx.fire(triggers::BuilderCreateDokkuImage {
        builder: builder.clone(),
        app: app.clone(),
        work_dir: work_dir.clone(),
        image: stack.clone(),
    })
    .await?;
    let asked = triggers::BuilderDokkuImage { builder, app: app.clone(), work_dir, image: stack.clone() };
    let other = ctx.fire(asked).await?;
    let other = other.trim();
    Ok(if other.is_empty() { stack } else { other.to_owned() })
}

/// Runs herokuish over the image with the code.
async fn compile(ctx: &Ctx, app: &AppName, code: &Arc<dyn Source>, owner: FileOwner) -> Result {
    be_patient(ctx)?;
    let plan = plan(ctx, app).await?;
    cache::ensure(ctx, app).await?;
    let container = BuildContainer::create(ctx, app, BUILDER, plan).await;
    let container = container.inspect_err(|_| ctx.out.warn("Failure creating container during app build"))?;
    let compiled = run(ctx, app, code, owner, &container).await;
    container.remove().await;
    compiled
}

fn be_patient(ctx: &Ctx) -> Result {
    variables::change(ctx.layout(), &Scope::Global, |variables| {
        for (key, seconds) in PATIENCE {
            variables.entry(key.to_owned()).or_insert_with(|| seconds.to_owned());
        }
    })?;
    Ok(())
}

async fn plan(ctx: &Ctx, app: &AppName) -> Result<RunPlan> {
    let builder = BUILDER.to_owned();
    let options = triggers::DockerArgsBuild { app: app.clone(), builder: builder.clone() };
    let by_process = triggers::DockerArgsProcessBuild { app: app.clone(), builder };
    let text = triggers::options([ctx.fire(options).await?, ctx.fire(by_process).await?]);
    let mut plan = RunPlan { image: image_name(app, None), ..RunPlan::default() };
    let variables = variables::merged(ctx.layout(), &app.into())?;
    add_options(ctx, &mut plan, &text, &variables)?;
    plan.command = vec!["/build".to_owned()];
    plan.volume.push(format!("{}:/cache", cache_volume(app)));
    // A mount, not a volume, which the image would ask for again in each of its containers.
    let (kind, target) = ("volume".to_owned(), environment::FOLDER.to_owned());
    plan.mount.push(Mount { kind, target, ..Mount::default() });
    plan.env.insert(0, "CACHE_PATH=/cache".to_owned());
    if ctx.out.is_trace() {
        plan.env.extend(["TRACE=true", "BUILDPACK_XTRACE=1"].map(str::to_owned));
    }
    Ok(plan)
}

async fn run(
    ctx: &Ctx,
    app: &AppName,
    code: &Arc<dyn Source>,
    owner: FileOwner,
    container: &BuildContainer<'_>,
) -> Result {
    ctx.fire(triggers::PostContainerCreate {
        kind: "app".to_owned(),
        container_id: container.id.clone(),
        app: app.to_string(),
        phase: "build".to_owned(),
        process_type: None,
    })
    .await?;
    environment::inject(ctx, app, &container.id, code.as_ref(), owner).await?;
    let status = container.attend(|_, line| ctx.out.plain(line)).await?;
    if status != 0 {
        return Err(Failure::user("Failure starting container during app build")
            .hint(format!("The build ended with status {status}; what it wrote stands above")));
    }
    container.commit(Stage::Build, Vec::new()).await
}

async fn set_ports(ctx: &Ctx, app: &AppName) -> Result {
    ctx.fire(triggers::PortsConfigure { app: app.clone() }).await?;
    let key = "proxy-port".to_owned();
    let port = ctx.fire(triggers::PortsGetProperty { app: app.clone(), key }).await?;
    let port = if port.is_empty() { "80" } else { &port };
    let mappings = vec![format!("http:{port}:5000")];
    ctx.fire(triggers::PortsSetDetected { app: app.clone(), mappings }).await
}
