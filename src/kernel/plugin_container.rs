//! Plugins that come as an image: a trigger is a run of it, with the trigger's name and arguments as its words.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use super::ctx::Ctx;
use super::failure::Result;
use super::fetch;
use super::plugin_host::{Answer, Asked};
use super::program;
use crate::model::RunPlan;
use crate::platform::docker::{
    Attach, Docker, DockerError, DockerResult, Filter, RemoveContainer, Source, Until,
};
use crate::platform::process_mark::ProcessMark;
use crate::store::plugin_limits;

/// What the container of a trigger is known by: the plugin's name.
const PLUGIN: &str = "com.dokku.plugin";
/// The process that waits for it. One whose process is gone is nobody's.
const PROCESS: &str = "com.dokku.plugin-process";

/// Asks the plugin in a container of its own, which is removed afterwards, whatever happens.
///
/// # Errors
/// When the engine cannot run it, when it takes or answers too much, or its exit status.
pub async fn ask(ctx: &Ctx, asked: &Asked<'_>, image: &str, is_captured: bool) -> Result<String> {
    let docker = &ctx.platform.docker;
    let mine = Filter::label(format!("{PLUGIN}={}", asked.plugin.name));
    sweep_those(docker, &mine).await.map_err(|error| asked.failed(error))?;
    let plan = plan(ctx, asked, image)?;
    let id =
        fetch::create_container(ctx, &plan, &mut |_: &str| {}).await.map_err(|error| asked.failed(error))?;
    let time = plugin_limits::timeout(ctx.layout(), &asked.plugin.name)?;
    let running = run(ctx, asked, &id, is_captured);
    let outcome = match time {
        Some(time) => tokio::time::timeout(time, running)
            .await
            .unwrap_or_else(|_| Err(program::too_slow(asked.plugin, asked.trigger, time))),
        None => running.await,
    };
    remove(docker, &id).await;
    outcome
}

/// Removes containers of plugins whose process was killed, so that nobody waits for them.
///
/// # Errors
/// When the engine does not tell which there are.
pub async fn sweep(docker: &Arc<dyn Docker>) -> DockerResult {
    sweep_those(docker, &Filter::label(PLUGIN)).await
}

async fn sweep_those(docker: &Arc<dyn Docker>, filter: &Filter) -> DockerResult {
    for container in docker.list_containers(filter).await? {
        let mark = container.labels.get(PROCESS).and_then(|text| ProcessMark::parse(text));
        if !mark.is_some_and(|mark| mark.is_alive()) {
            remove(docker, &container.id).await;
        }
    }
    Ok(())
}

/// Removes the container. It may have gone by itself, as it was told to, or be removed by somebody else. One that is just
/// being started or removed cannot be removed; whatever stands in the way for long is for the next sweep.
async fn remove(docker: &Arc<dyn Docker>, id: &str) {
    for _ in 0..10 {
        let removed = docker.remove_container(id, RemoveContainer { force: true, volumes: true }).await;
        match removed {
            Ok(()) | Err(DockerError::NotFound(_) | DockerError::Unreachable(_)) => return,
            Err(DockerError::Conflict(_) | DockerError::Other(_)) => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn plan(ctx: &Ctx, asked: &Asked<'_>, image: &str) -> Result<RunPlan> {
    let mut plan = RunPlan::of_image(image);
    plan.command = std::iter::once(asked.trigger.to_owned()).chain(asked.arguments.iter().cloned()).collect();
    plan.env = asked.env(ctx)?.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
    plan.interactive = true;
    plan.rm = true;
    for (key, value) in [
        ("dokku", String::new()),
        ("com.dokku.container-type", "plugin".to_owned()),
        (PLUGIN, asked.plugin.name.clone()),
        (PROCESS, ProcessMark::own().to_string()),
    ] {
        plan.label.insert(key.to_owned(), value);
    }
    Ok(plan)
}

async fn run(ctx: &Ctx, asked: &Asked<'_>, id: &str, is_captured: bool) -> Result<String> {
    let docker = &ctx.platform.docker;
    // Both before the start, so that nothing is missed.
    let attached = docker.attach_container(id, Attach { stdin: true, logs: false }).await?;
    let ended = docker.wait_container(id, Until::NextExit).await?;
    docker.start_container(id).await.map_err(|error| asked.failed(error))?;
    let mut input = attached.input;
    let feed = async {
        let mut pieces = asked.input(ctx);
        while let Some(bytes) = pieces.next().await {
            if input.write_all(&bytes).await.is_err() || input.flush().await.is_err() {
                break;
            }
        }
        let _ = input.shutdown().await;
        // It may go on without input; its end alone ends this.
        std::future::pending::<()>().await;
    };
    let mut output = attached.output;
    let mut answer = Answer::new(ctx, asked, is_captured);
    let listen = async {
        while let Some(chunk) = output.next().await {
            let chunk = chunk?;
            match chunk.source {
                Source::Stdout => answer.stdout(&chunk.bytes)?,
                Source::Stderr => answer.stderr(&chunk.bytes),
            }
        }
        Result::Ok(())
    };
    tokio::select! {
        listened = listen => listened?,
        () = feed => {}
    }
    let status = ended.await?;
    answer.end(i32::try_from(status).unwrap_or(1))
}
