//! A task of a deploy: a command of the app, run once in a container of its own, of the image that is being
//! deployed (contract: formats.md section 5; output.md section 6, items 8 to 10 and 19).

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::model::run_plan::RunPlan;
use crate::platform::docker::{Attach, CommitPlan, Image, RemoveContainer, Source, Until};
use crate::store::{properties, variables};
use crate::triggers;

use super::image::{self, image_name};
use super::intent;
use super::lines::pass_on;
use super::names;
use super::options::add_options;
use super::step::Step;
use super::task_script::{Shape, script};

/// When a task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the release; what it leaves in its container becomes part of the image.
    Predeploy,
    /// In the release, as the Procfile says.
    Release,
    /// In the release, on the first deploy only.
    HerokuPostdeploy,
    /// Once the new containers serve.
    Postdeploy,
}

impl Phase {
    /// Its name in what is printed, and in the label of its container.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Predeploy => "predeploy",
            Phase::Release => "release",
            Phase::HerokuPostdeploy => "heroku.postdeploy",
            Phase::Postdeploy => "postdeploy",
        }
    }

    fn announcement(self, command: &str) -> String {
        match self {
            Phase::Predeploy => format!("Executing predeploy task from app.json: {command}"),
            Phase::Release => {
                format!("Executing release task from Procfile in ephemeral container: {command}")
            }
            Phase::HerokuPostdeploy | Phase::Postdeploy => {
                format!("Executing {} task from app.json in ephemeral container: {command}", self.name())
            }
        }
    }

    fn step(self) -> Step {
        match self {
            Phase::Predeploy => Step::Predeploy,
            Phase::Release | Phase::HerokuPostdeploy => Step::ReleaseTask,
            Phase::Postdeploy => Step::Postdeploy,
        }
    }
}

/// Runs the command of this phase; an empty one is none. What it prints is passed on as it comes.
///
/// # Errors
/// When the container cannot be made, the command does not end with status 0, or its result cannot be kept.
pub async fn run_task(ctx: &Ctx, app: &AppName, phase: Phase, command: &str) -> Result {
    let name = phase.name();
    ctx.out.step(format!("Checking for {name} task"));
    let command = command.trim();
    if command.is_empty() {
        ctx.out.detail(format!("No {name} task found, skipping"));
        return Ok(());
    }
    ctx.out.detail(phase.announcement(command));
    let image = image::require(ctx, app, &image_name(app, None)).await?;
    let plan = plan(ctx, app, phase, command, &image).await?;
    let id =
        ctx.platform.docker.create_container(&plan).await.map_err(|error| {
            Failure::user(format!("Failed to create {name} execution container: {error}"))
        })?;
    let done = attend(ctx, app, phase, command, &id).await;
    let done = match done {
        Ok(()) if phase == Phase::Predeploy => keep(ctx, app, &id, &image).await,
        Ok(()) => Ok(()),
        Err(failure) => Err(failure),
    };
    let how = RemoveContainer { force: true, volumes: true };
    // One that cannot be removed now carries the label of the deploy, and goes with what that leaves.
    if let Err(error) = ctx.platform.docker.remove_container(&id, how).await {
        ctx.out.warn(format!("Failed to remove {name} execution container: {error}"));
    }
    done
}

async fn plan(ctx: &Ctx, app: &AppName, phase: Phase, command: &str, image: &Image) -> Result<RunPlan> {
    let builder = image.label("com.dokku.builder-type").unwrap_or("dockerfile").to_owned();
    let variables = variables::merged(ctx.layout(), &app.into())?;
    let mut plan = options(ctx, app, &builder, &variables).await?;
    let shell = properties::computed(ctx.layout(), "scheduler", &app.into(), "shell", "/bin/bash")?;
    let shape = Shape { shell, builder: &builder, entrypoint: &image.config.entrypoint };
    plan.command = script(command, &shape, ctx.out.is_trace())?;
    plan.name = Some(format!("{app}.{}.{}", phase.name(), ctx.platform.random.below(32768)));
    plan.image = image_name(app, None);
    match builder.as_str() {
        "herokuish" => plan.volume.push(format!("{}:/tmp/cache", names::cache_volume(app))),
        // The image's own entrypoint would start its web process.
        "pack" => plan.entrypoint = Some("/cnb/lifecycle/launcher".to_owned()),
        _ => {}
    }
    for (key, value) in [
        ("dokku", String::new()),
        ("org.label-schema.schema-version", "1.0".to_owned()),
        ("org.label-schema.vendor", "dokku".to_owned()),
        ("com.dokku.app-name", app.to_string()),
        ("dokku_phase_script", phase.name().to_owned()),
        (intent::LABEL, ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default().to_owned()),
    ] {
        plan.label.insert(key.to_owned(), value);
    }
    let mut env: Vec<String> = variables.iter().map(|(key, value)| format!("{key}={value}")).collect();
    env.append(&mut plan.env);
    if ctx.out.is_trace() {
        env.push("DOKKU_TRACE=1".to_owned());
    }
    plan.env = env;
    Ok(plan)
}

/// The options of the app's containers, without those that two containers at once could not share and without
/// limits: a task may need more than a process.
async fn options(
    ctx: &Ctx,
    app: &AppName,
    builder: &str,
    variables: &variables::Variables,
) -> Result<RunPlan> {
    let image_tag = "latest".to_owned();
    let deploy = triggers::DockerArgsDeploy {
        app: app.clone(),
        image_tag: image_tag.clone(),
        process_type: None,
        container_index: None,
    };
    let by_process = triggers::DockerArgsProcessDeploy {
        app: app.clone(),
        builder: builder.to_owned(),
        image_tag,
        process_type: None,
        container_index: None,
    };
    let text = triggers::options([ctx.fire(deploy).await?, ctx.fire(by_process).await?]);
    let mut plan = RunPlan::default();
    add_options(ctx, &mut plan, &text, variables)?;
    plan.publish.clear();
    plan.publish_all = false;
    plan.restart = None;
    plan.limits.nano_cpus = None;
    plan.limits.gpus.clear();
    plan.limits.memory = None;
    plan.limits.memory_reservation = None;
    plan.limits.memory_swap = None;
    Ok(plan)
}

/// Starts the container and stays with it to its end.
async fn attend(ctx: &Ctx, app: &AppName, phase: Phase, command: &str, id: &str) -> Result {
    ctx.fire(triggers::PostContainerCreate {
        kind: "app".to_owned(),
        container_id: id.to_owned(),
        app: app.to_string(),
        phase: phase.name().to_owned(),
        process_type: None,
    })
    .await?;
    let docker = &ctx.platform.docker;
    // Both before the start, so that nothing is missed.
    let attached = docker.attach_container(id, Attach { stdin: false, logs: false }).await?;
    let ended = docker.wait_container(id, Until::NextExit).await?;
    let failed = || Failure::user(format!("Execution of {} task failed: {command}", phase.name()));
    if let Err(error) = docker.start_container(id).await {
        ctx.out.warn(error.to_string());
        return Err(failed());
    }
    phase.step().begin(ctx).await;
    let quiet = ctx.out.unless_quiet();
    let what = format!("{app} {} task ({}) output", phase.name(), names::short(id, 9));
    quiet.heading(format!("Start of {what}"));
    let printed = pass_on(attached.output, |source, line| match source {
        Source::Stdout => quiet.detail(line),
        Source::Stderr => quiet.warn(line),
    });
    printed.await?;
    quiet.heading(format!("End of {what}"));
    match ended.await? {
        0 => Ok(()),
        status => Err(failed().hint(format!("It ended with status {status}; what it wrote stands above"))),
    }
}

/// Makes what the task left part of the app's image. Entrypoint and command are the image's again, not the task's.
async fn keep(ctx: &Ctx, app: &AppName, id: &str, image: &Image) -> Result {
    let words = |words: &[String]| serde_json::to_string(words).expect("a list of texts is always JSON");
    let mut changes = Vec::new();
    if !image.config.entrypoint.is_empty() {
        changes.push(format!("ENTRYPOINT {}", words(&image.config.entrypoint)));
    }
    changes.push(format!("CMD {}", words(&image.config.cmd)));
    for label in [
        "org.label-schema.schema-version=1.0".to_owned(),
        "org.label-schema.vendor=dokku".to_owned(),
        format!("com.dokku.app-name={app}"),
        "com.dokku.predeploy-phase=true".to_owned(),
        // Containers of the image are not containers of this deploy.
        format!("{}=", intent::LABEL),
    ] {
        changes.push(format!("LABEL {label}"));
    }
    let plan = CommitPlan { name: Some(image_name(app, None)), changes, no_pause: false };
    ctx.platform
        .docker
        .commit_container(id, &plan)
        .await
        .map_err(|error| Failure::user(format!("Committing of 'predeploy' to image failed: {error}")))?;
    Step::Keep.begin(ctx).await;
    Ok(())
}
