//! New containers beside the old ones: made, started, checked. Nothing that serves is touched.

use futures_util::future::join_all;
use futures_util::stream;
use futures_util::{FutureExt, StreamExt};

use crate::kernel::{Ctx, Failure, Result};
use crate::model::{AppName, Dyno, ProcessType, Procfile, procfile};
use crate::platform::docker::{OrGone, RemoveContainer};
use crate::store::{Extracted, builds, failed_containers, processes, properties, variables};
use crate::triggers;

use super::container::{self, ProcessPlan};
use super::image::{self, image_name};
use super::intent::Intent;
use super::names;
use super::networks;
use super::readiness::{self, Candidate};
use super::settle::commit;
use super::step::Step;
use super::switch::{self, Live, Turned};

/// Replaces the containers of an app, or of one process type, by new ones of its image.
///
/// # Errors
/// When a container cannot be made or does not pass its checks; the new ones are then for `settle` to remove.
pub async fn roll_out(ctx: &Ctx, app: &AppName, only: Option<&ProcessType>) -> Result {
    let mut intent = match Intent::load(ctx, app)? {
        Some(intent) => intent,
        None => Intent::begin(ctx, app).await?,
    };
    note_serving(ctx, app, &mut intent)?;
    intent.save(ctx, app)?;

    failed_containers::clear(ctx.layout(), app)?;
    let plans = plans(ctx, app, only).await?;
    Step::Start.begin(ctx).await;
    let live = bring_up_all(ctx, app, &plans, &intent).await?;
    networks::attach_late(ctx, app, &live).await?;
    Step::Switch.begin(ctx).await;
    intent.is_switching = true;
    pass_switch(ctx, app, &intent)?;
    let made: Vec<&str> = live.iter().map(|one| one.id.as_str()).collect();
    let ctx = &ctx.with_env(switch::JUST_MADE, made.join(" "));
    let process_types: Vec<_> = plans.iter().map(|plan| plan.process_type.clone()).collect();
    switch::switch(ctx, app, &Turned { only, process_types: &process_types, live: &live }).await?;
    Step::Promote.begin(ctx).await;
    switch::promote(ctx, app, &live, &intent).await?;
    let told = switch::after(ctx, app, &live).await;
    Step::Watch.begin(ctx).await;
    switch::watch(ctx, app, &live).await?;
    if let Err(failure) = told {
        // The new release serves, and the task or plugin may have changed what only it understands: it stays.
        commit(ctx, app).await?;
        return Err(failure);
    }
    Ok(())
}

/// The point from which the deploy is not canceled any more; a cancel that came before ends it here.
fn pass_switch(ctx: &Ctx, app: &AppName, intent: &Intent) -> Result {
    let id = ctx.env.get("DOKKU_BUILD_ID").unwrap_or_default();
    if builds::while_running(ctx.layout(), app, id, || intent.write(ctx.layout(), app))? {
        return Ok(());
    }
    Err(Failure::user(format!("build {id} was canceled")))
}

/// What serves now, with its state files, as it would have to be put back.
fn note_serving(ctx: &Ctx, app: &AppName, intent: &mut Intent) -> Result {
    intent.state = processes::state_files(ctx.layout(), app)?;
    intent.serving = processes::running(ctx.layout(), app)?
        .into_iter()
        .map(|running| (running.id, names::current(app, &running.dyno)))
        .collect();
    Ok(())
}

/// What is to run: web first, then the other types by name.
async fn plans(ctx: &Ctx, app: &AppName, only: Option<&ProcessType>) -> Result<Vec<ProcessPlan>> {
    let image = image::require(ctx, app, &image_name(app, None)).await?;
    let ports = ctx.fire(triggers::PortsGet { app: app.clone(), format: String::new() }).await?;
    let ports: Vec<(&str, u16)> = ports
        .iter()
        .filter_map(|mapping| {
            let (scheme, rest) = mapping.split_once(':')?;
            Some((scheme, rest.rsplit(':').next()?.parse().ok()?))
        })
        .collect();
    let web_port = ports.iter().find(|(scheme, _)| *scheme != "udp").map(|(_, port)| *port);
    let published = published(ctx, app, &ports).await?;
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let procfile = Extracted::Procfile.read(ctx.layout(), app, pid)?;
    let procfile = procfile.as_deref().map(Procfile::parse).transpose()?;
    let has_procfile = ctx.fire(triggers::ProcfileExists { app: app.clone() }).await.is_ok();
    let variables = variables::merged(ctx.layout(), &app.into())?;
    let is_herokuish = image::is_herokuish(ctx, app, &image_name(app, None)).await?;
    let start_command = if is_herokuish { "start-cmd" } else { "dockerfile-start-cmd" };
    let start_command =
        properties::get(ctx.layout(), "ps", &app.into(), start_command)?.filter(|text| !text.is_empty());
    let mut plans = Vec::new();
    for (process_type, quantity) in processes::scale(ctx.layout(), app)?.current {
        if only.is_some_and(|only| *only != process_type) {
            continue;
        }
        let command = procfile.as_ref().and_then(|procfile| procfile.command(&process_type));
        if quantity > 0 && has_procfile && command.is_none() {
            ctx.out.warn(format!("Skipping {process_type} as it is missing from the current Procfile"));
            continue;
        }
        let port = process_type.is_web().then_some(web_port.unwrap_or(5000));
        let start = is_herokuish.then(|| format!("/start {process_type}"));
        let text = start_command.as_deref().or(start.as_deref()).or(command).unwrap_or_default();
        let text = procfile::expand(text, |name| match name {
            "PORT" => Some(port.unwrap_or(5000).to_string()),
            other => variables.get(other).cloned(),
        });
        let command = shell_words::split(&text).map_err(|error| {
            Failure::user(format!("Cannot split the command of {process_type}: {error}: {text}"))
        })?;
        if command.is_empty() && image.config.cmd.is_empty() && image.config.entrypoint.is_empty() {
            return Err(Failure::user(format!("Nothing to run for process type {process_type} of {app}"))
                .hint("The image has neither CMD nor ENTRYPOINT: add one to the Dockerfile, or a line to the Procfile"));
        }
        let max_parallel = max_parallel(ctx, app, &process_type).await?;
        let published = if process_type.is_web() { published.clone() } else { Vec::new() };
        plans.push(ProcessPlan {
            app: app.clone(),
            process_type,
            quantity,
            command,
            port,
            published,
            max_parallel,
        });
    }
    plans.sort_by_key(|plan| (!plan.process_type.is_web(), plan.process_type.clone()));
    Ok(plans)
}

/// The container ports of web containers that are published on all interfaces of the host, if that is wanted.
async fn published(ctx: &Ctx, app: &AppName, ports: &[(&str, u16)]) -> Result<Vec<u16>> {
    let asked = triggers::NetworkGetProperty { app: app.clone(), key: "bind-all-interfaces".to_owned() };
    if ctx.fire(asked).await?.trim() != "true" {
        return Ok(Vec::new());
    }
    let mut published: Vec<u16> = ports.iter().map(|(_, port)| *port).collect();
    published.sort_unstable();
    published.dedup();
    Ok(published)
}

/// How many containers of a process type are started at once.
async fn max_parallel(ctx: &Ctx, app: &AppName, process_type: &ProcessType) -> Result<usize> {
    let asked =
        triggers::AppJsonProcessDeployParallelism { app: app.clone(), process_type: process_type.clone() };
    Ok(ctx.fire(asked).await?.trim().parse().unwrap_or(1).max(1))
}

/// The containers of all process types: web alone, then as many types at once as the scheduler's
/// `parallel-schedule-count` says. When one fails, no further one begins.
async fn bring_up_all(ctx: &Ctx, app: &AppName, plans: &[ProcessPlan], intent: &Intent) -> Result<Vec<Live>> {
    let (plugin, key) = ("scheduler-docker-local", "parallel-schedule-count");
    let count = properties::computed(ctx.layout(), plugin, &app.into(), key, "1")?;
    let at_once = match count.trim().parse().unwrap_or(1) {
        0 => plans.len().max(1),
        count => count,
    };
    let webs = plans.iter().take_while(|plan| plan.process_type.is_web()).count();
    let mut live = Vec::new();
    for (some, at_once) in [(&plans[..webs], 1), (&plans[webs..], at_once)] {
        let types: Vec<_> = some.iter().map(|process| bring_up(ctx, process, intent).boxed()).collect();
        let mut ended = stream::iter(types).buffered(at_once);
        while let Some(containers) = ended.next().await {
            live.extend(containers?);
        }
    }
    Ok(live)
}

/// Makes, starts and checks the containers of one process type.
async fn bring_up(ctx: &Ctx, process: &ProcessPlan, intent: &Intent) -> Result<Vec<Live>> {
    let process_type = &process.process_type;
    ctx.out.step(format!("Deploying {process_type} (count={})", process.quantity));
    let mode = readiness::mode(ctx, &process.app, process_type)?;
    if mode == readiness::Mode::Disabled && process.quantity > 0 {
        stop_serving(ctx, process, intent).await?;
    }
    let starts = (1..=process.quantity).map(|index| bring_up_one(ctx, process, index, mode));
    let mut ended = stream::iter(starts).buffered(process.max_parallel);
    let mut live = Vec::new();
    while let Some(one) = ended.next().await {
        live.push(one?);
    }
    for one in &live {
        let name = names::current(&process.app, &one.dyno);
        if intent.serving.iter().any(|(_, serving)| *serving == name) {
            let wait = readiness::wait_to_retire(ctx, &process.app).await?;
            ctx.out.detail(format!("Scheduling old container shutdown in {wait} seconds ({})", one.dyno));
        }
    }
    Ok(live)
}

async fn bring_up_one(ctx: &Ctx, process: &ProcessPlan, index: u32, mode: readiness::Mode) -> Result<Live> {
    let dyno = Dyno { process_type: process.process_type.clone(), index };
    let name = names::upcoming(&process.app, &dyno, ctx.platform.random.below(32768));
    let plan = container::plan(ctx, process, &dyno, name).await?;
    networks::require_route(ctx, process, &plan).await?;
    ctx.out.debug(plan.to_string());
    let docker = &ctx.platform.docker;
    let id = docker.create_container(&plan).await?;
    ctx.fire(triggers::PostContainerCreate {
        kind: "app".to_owned(),
        container_id: id.clone(),
        app: process.app.to_string(),
        phase: "deploy".to_owned(),
        process_type: Some(process.process_type.clone()),
    })
    .await?;
    networks::reach(ctx, process, &plan, &id).await?;
    docker.start_container(&id).await?;
    let candidate =
        Candidate { app: process.app.clone(), dyno: dyno.clone(), id: id.clone(), port: process.port };
    let address = readiness::ready(ctx, &candidate, mode).await?;
    Ok(Live { dyno, id, address, port: process.port })
}

/// With checks disabled the old containers of a type stop before the new ones start: two at once must never run.
async fn stop_serving(ctx: &Ctx, process: &ProcessPlan, intent: &Intent) -> Result {
    let prefix = format!("{}.{}.", process.app, process.process_type);
    let old: Vec<_> = intent.serving.iter().filter(|(_, name)| name.starts_with(&prefix)).collect();
    if old.is_empty() {
        return Ok(());
    }
    ctx.out.detail(format!(
        "Zero downtime is disabled, stopping currently running containers  ({})",
        process.process_type
    ));
    for (id, _) in old {
        ctx.out.detail(format!("Stopping {} ({})", names::short(id, 12), process.process_type));
        ctx.platform.docker.stop_container(id, None).await.or_gone()?;
    }
    Ok(())
}

/// Removes the containers that a deploy made.
///
/// # Errors
/// When the engine refuses.
pub async fn remove_made(ctx: &Ctx, app: &AppName, build_id: &str) -> Result {
    use crate::platform::docker::Filter;
    let filter = Filter::label(format!("com.dokku.app-name={app}"))
        .and("label", format!("{}={build_id}", super::intent::LABEL));
    let how = RemoveContainer { force: true, volumes: true };
    let docker = &ctx.platform.docker;
    let made = docker.list_containers(&filter).await?;
    // Side by side: the engine takes its time for each.
    for removed in join_all(made.iter().map(|one| docker.remove_container(&one.id, how))).await {
        removed.or_gone()?;
    }
    Ok(())
}
