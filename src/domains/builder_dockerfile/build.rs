//! The build itself.

use std::sync::Arc;

use crate::kernel::{Ctx, Failure, Result, Trigger};
use crate::model::build_plan::BuildPlan;
use crate::model::{AppName, Scope, docker_args, dockerfile};
use crate::platform::docker::RememberedContext;
use crate::platform::source::Source;
use crate::store::{properties, registry_logins, variables};
use crate::triggers;

use super::STORE;

/// Builds the app's image from the Dockerfile of its code, and remembers the ports it exposes.
///
/// # Errors
/// When there is no such Dockerfile, an option is refused, or the build fails.
pub async fn build(ctx: &Ctx, app: &AppName, work_dir: &str) -> Result {
    ctx.out.step(format!("Building {app} from Dockerfile"));
    let (builder, work_dir) = ("dockerfile".to_owned(), work_dir.to_owned());
    ctx.fire_deprecated(triggers::PreBuildDockerfile { app: app.clone() }, triggers::PreBuild::NAME).await?;
    let (of, at) = (builder.clone(), work_dir.clone());
    ctx.fire(triggers::PreBuild { builder: of, app: app.clone(), work_dir: at }).await?;
    let Some(source) = ctx.source.clone() else {
        return Err(Failure::internal("There is no code to build")
            .hint("builder-build is fired by a deploy, which brings the code"));
    };
    let path = properties::computed(ctx.layout(), STORE, &app.into(), "dockerfile-path", "Dockerfile")?;
    let Some(text) = source.read(&path)? else {
        return Err(Failure::user(format!("Invalid dockerfile-path specified: {path}")).hint(format!(
            "Push a commit that has it, or change it: builder-dockerfile:set {app} dockerfile-path <path>"
        )));
    };
    let plan = plan(ctx, app, path).await?;
    let out = ctx.out.clone();
    let mut progress = move |line: &str| out.plain(line);
    let memory = ctx.layout().app_data(STORE, app).join("context");
    let context = Arc::new(RememberedContext::new(source.context(), memory));
    ctx.platform.docker.build_image(&plan, context, &mut progress).await?;
    set_ports(ctx, app, &String::from_utf8_lossy(&text)).await?;
    ctx.fire_deprecated(triggers::PostBuildDockerfile { app: app.clone() }, triggers::PostBuild::NAME)
        .await?;
    ctx.fire(triggers::PostBuild { builder, app: app.clone(), work_dir }).await
}

async fn plan(ctx: &Ctx, app: &AppName, path: String) -> Result<BuildPlan> {
    let builder = "dockerfile".to_owned();
    let options = triggers::DockerArgsBuild { app: app.clone(), builder: builder.clone() };
    let by_process = triggers::DockerArgsProcessBuild { app: app.clone(), builder };
    let text = triggers::options([ctx.fire(options).await?, ctx.fire(by_process).await?]);
    let mut plan = BuildPlan { file: Some(path), ..BuildPlan::default() };
    // `--build-arg NAME` takes its value from the app's variables, as docker takes it from the
    // environment of its client, which in Dokku holds them.
    let variables = variables::merged(ctx.layout(), &Scope::from(app))?;
    let value = |name: &str| variables.get(name).cloned().or_else(|| ctx.env.get(name).map(str::to_owned));
    let dropped = docker_args::add_build_options(&mut plan, &docker_args::split_words(&text)?, &value)?;
    for option in dropped {
        ctx.out.debug(format!("{option} is no option of a build"));
    }
    tell_what_is_not_held(ctx, &plan);
    plan.tag.push(crate::deploy::image_name(app, None));
    plan.label.extend(crate::deploy::image_labels(app, "dockerfile"));
    plan.context_key = Some(app.to_string());
    plan.logins = registry_logins::of_app(ctx.layout(), app)?;
    Ok(plan)
}

/// The engine takes limits for a build, and passes them over where its BuildKit builds: from 20.10 to the newest, it hands
/// on neither memory nor a control group (moby, builder/builder-next/builder.go).
fn tell_what_is_not_held(ctx: &Ctx, plan: &BuildPlan) {
    let given = [
        ("--memory", plan.memory.is_some()),
        ("--memory-swap", plan.memory_swap.is_some()),
        ("--cgroup-parent", plan.cgroup_parent.is_some()),
    ];
    let given: Vec<&str> = given.iter().filter(|(_, is_given)| *is_given).map(|(name, _)| *name).collect();
    if !given.is_empty() {
        let given = given.join(", ");
        ctx.out.warn(format!("Docker holds no limits for a build of a Dockerfile: {given} has no effect"));
    }
}

/// The ports of the Dockerfile's EXPOSE lines, else those of the built image (contract: formats.md section 3).
async fn set_ports(ctx: &Ctx, app: &AppName, text: &str) -> Result {
    let mut ports = dockerfile::exposed_ports(text);
    if ports.is_empty() {
        let image = ctx.platform.docker.inspect_image(&crate::deploy::image_name(app, None)).await?;
        ports = image.config.exposed_ports.iter().filter_map(|port| port.parse().ok()).collect();
    }
    let mut mappings: Vec<String> = ports.into_iter().map(dockerfile::Exposed::mapping).collect();
    if mappings.is_empty() {
        let key = "proxy-port".to_owned();
        let port = ctx.fire(triggers::PortsGetProperty { app: app.clone(), key }).await?;
        mappings.push(format!("http:{}:5000", if port.is_empty() { "80" } else { &port }));
    }
    ctx.fire(triggers::PortsSetDetected { app: app.clone(), mappings }).await
}

/// True when the code has the file that this builder needs.
pub fn has_dockerfile(ctx: &Ctx, app: &AppName, source: &dyn Source) -> Result<bool> {
    let path = properties::computed(ctx.layout(), STORE, &app.into(), "dockerfile-path", "Dockerfile")?;
    Ok(source.contains("Dockerfile")? || source.contains(&path)?)
}
