//! The plan of an app's container: the value behind its `docker run`
//! (contract: output.md sections 8, 9 and 11).

use crate::kernel::{Ctx, Result};
use crate::model::run_plan::{PortBinding, RunPlan};
use crate::model::{AppName, Dyno, ProcessType};
use crate::store::{properties, variables};
use crate::triggers;

use super::image;
use super::intent;
use super::networks;
use super::options::add_options;

/// All that decides how the containers of one process type are run.
pub struct ProcessPlan {
    /// The app.
    pub app: AppName,
    /// The process type.
    pub process_type: ProcessType,
    /// How many containers.
    pub quantity: u32,
    /// Their command; empty is the image's own.
    pub command: Vec<String>,
    /// The port they listen on, for web.
    pub port: Option<u16>,
    /// The ports that the engine publishes on all interfaces of the host, under free numbers.
    pub published: Vec<u16>,
    /// How many are started at once.
    pub max_parallel: usize,
}

/// The plan of the container `dyno` of a process type, named `name`.
///
/// # Errors
/// When a listener of the `docker-args-*` triggers fails or prints an option that does not exist.
pub async fn plan(ctx: &Ctx, process: &ProcessPlan, dyno: &Dyno, name: String) -> Result<RunPlan> {
    let app = &process.app;
    let mut plan = arguments(ctx, process, dyno.index).await?;
    plan.name = Some(name);
    plan.image = image::image_name(app, None);
    plan.command.clone_from(&process.command);
    networks::add_aliases(ctx, app, &process.process_type, &mut plan)?;
    for port in &process.published {
        let (container, protocol) = (*port, "tcp".to_owned());
        plan.publish.push(PortBinding { ip: None, host: None, container, protocol });
    }
    plan.init =
        properties::computed(ctx.layout(), "scheduler-docker-local", &app.into(), "init-process", "true")?
            == "true";
    let builder = properties::get(ctx.layout(), "builder", &app.into(), "detected")?;
    for (key, value) in image::labels(app, builder.as_deref().unwrap_or("dockerfile")) {
        plan.label.entry(key).or_insert(value);
    }
    for (key, value) in [
        ("com.dokku.container-type", "deploy".to_owned()),
        ("com.dokku.process-type", process.process_type.to_string()),
        ("com.dokku.dyno", dyno.to_string()),
        (intent::LABEL, ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default().to_owned()),
    ] {
        plan.label.insert(key.to_owned(), value);
    }
    let mut env: Vec<String> = variables::merged(ctx.layout(), &app.into())?
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    env.push(format!("DYNO={dyno}"));
    env.push(format!("PORT={}", process.port.map(|port| port.to_string()).unwrap_or_default()));
    if ctx.out.is_trace() {
        env.push("TRACE=true".to_owned());
    }
    env.append(&mut plan.env);
    plan.env = env;
    Ok(plan)
}

/// What domains and plugins add: mounts, limits, networks, options.
async fn arguments(ctx: &Ctx, process: &ProcessPlan, index: u32) -> Result<RunPlan> {
    let builder = properties::get(ctx.layout(), "builder", &(&process.app).into(), "detected")?;
    let deploy = triggers::DockerArgsDeploy {
        app: process.app.clone(),
        image_tag: "latest".to_owned(),
        process_type: Some(process.process_type.clone()),
        container_index: Some(index),
    };
    let by_process = triggers::DockerArgsProcessDeploy {
        app: process.app.clone(),
        builder: builder.unwrap_or_else(|| "dockerfile".to_owned()),
        image_tag: "latest".to_owned(),
        process_type: Some(process.process_type.clone()),
        container_index: Some(index),
    };
    let text = triggers::options([ctx.fire(deploy).await?, ctx.fire(by_process).await?]);
    let mut plan = RunPlan::default();
    let variables = variables::merged(ctx.layout(), &(&process.app).into())?;
    add_options(ctx, &mut plan, &text, &variables)?;
    Ok(plan)
}
