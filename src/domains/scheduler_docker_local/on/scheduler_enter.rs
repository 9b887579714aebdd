use crate::deploy;
use crate::domains::scheduler_docker_local::session::{self, Inside};
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::{AppName, Scope};
use crate::platform::docker::{ExecPlan, exec_end};
use crate::store::processes::{self, Running};
use crate::store::properties;
use crate::triggers;
use crate::triggers::DOCKER_LOCAL;

/// Opens a shell, or runs a command, in a container of the app.
pub struct Enter;

impl Reaction for Enter {
    type Trigger = triggers::SchedulerEnter;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if trigger.scheduler != DOCKER_LOCAL {
            return Ok(());
        }
        let docker = &ctx.platform.docker;
        let (id, mut command) = target(ctx, trigger)?;
        if !docker.inspect_container(&id).await?.state.running {
            return Err(Failure::user("Container is not running"));
        }
        if command.is_empty() {
            let scope = Scope::from(&trigger.app);
            command.push(properties::computed(ctx.layout(), "scheduler", &scope, "shell", "/bin/bash")?);
        }
        let image = deploy::image_name(&trigger.app, None);
        if deploy::is_herokuish(ctx, &trigger.app, &image).await? {
            command.insert(0, "/exec".to_owned());
        }
        let tty = session::wants_terminal(ctx);
        let plan = ExecPlan { command, tty, stdin: true, ..ExecPlan::default() };
        let exec = docker.exec(&id, &plan).await?;
        session::carry(ctx, &Inside::Exec(exec.id.clone()), exec.attached, tty).await?;
        match i32::try_from(exec_end(&**docker, &exec.id).await?).unwrap_or(1) {
            0 => Ok(()),
            status => Err(Failure::inner(status)),
        }
    }
}

/// What the words ask for: a container of the app, and a command.
fn target(ctx: &Ctx, trigger: &triggers::SchedulerEnter) -> Result<(String, Vec<String>)> {
    let end = trigger.words.iter().position(|word| word == "--");
    let (place, command) = trigger.words.split_at(end.unwrap_or(trigger.words.len()));
    let command = command.get(1..).unwrap_or_default().to_vec();
    let known = processes::running(ctx.layout(), &trigger.app)?;
    let id = match place {
        [] => by_type(ctx, &trigger.app, &known, None)?,
        [flag, id, ..] if flag == "--container-id" => by_id(ctx, &trigger.app, &known, id)?,
        [flag, ..] if flag.starts_with("--container-id=") => {
            by_id(ctx, &trigger.app, &known, &flag["--container-id=".len()..])?
        }
        [name, ..] => by_type(ctx, &trigger.app, &known, Some(name))?,
    };
    Ok((id, command))
}

fn types(known: &[Running]) -> String {
    let mut types: Vec<&str> = known.iter().map(|one| one.dyno.process_type.as_str()).collect();
    types.dedup();
    types.join(" ")
}

fn by_type(ctx: &Ctx, app: &AppName, known: &[Running], name: Option<&String>) -> Result<String> {
    let available = Failure::user(format!("Available types for app ({app}): {}", types(known)));
    let found = match name {
        None if types(known).contains(' ') => {
            ctx.out.warn("No container type specified.");
            return Err(available);
        }
        None => known.first(),
        Some(name) => {
            known.iter().find(|one| one.dyno.process_type.as_str() == name || one.dyno.to_string() == *name)
        }
    };
    match (found, name) {
        (Some(one), _) => Ok(one.id.clone()),
        (None, None) => Err(Failure::user("No containers found for app")),
        (None, Some(name)) => {
            ctx.out.warn(format!("No containers found for type '{name}'"));
            Err(available)
        }
    }
}

fn by_id(ctx: &Ctx, app: &AppName, known: &[Running], id: &str) -> Result<String> {
    if let Some(one) = known.iter().find(|one| !id.is_empty() && one.id.starts_with(id)) {
        return Ok(one.id.clone());
    }
    let ids: Vec<&str> = known.iter().map(|one| one.id.as_str()).collect();
    ctx.out.warn(format!("Invalid container id for app: {id}"));
    Err(Failure::user(format!("Available ids for app ({app}): {}", ids.join(" "))))
}
