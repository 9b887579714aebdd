//! Starting a companion: the new container takes the place of the one before only once it runs, and what a kill in the
//! middle leaves is found by whoever starts or stops the companion next.

use std::time::Duration;

use crate::kernel::{Ctx, Failure, Result, fetch};
use crate::model::RunPlan;
use crate::platform::digest;
use crate::platform::docker::{ContainerSummary, OrGone};
use crate::platform::waits::{self, Wait};

use super::find::{all, lock, name_of, remove, upcoming};
use super::free_ports;
use super::logs::last_words;

/// Says what a container was made of, so that one that is as it shall be is left alone.
pub const MADE_OF: &str = "com.dokku.companion-plan";

/// How long it must run to be taken for well.
const WELL_AFTER: Duration = Duration::from_secs(1);

/// A companion that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The id of its container.
    pub id: String,
    /// It ran so before.
    pub ran_already: bool,
}

/// Has the companion run as planned. One that runs so already is left alone.
///
/// # Errors
/// When a port is taken, the image cannot be had, or the container does not stay up. Then what ran before runs again.
pub async fn start(ctx: &Ctx, companion: &str, plan: &RunPlan) -> Result<Started> {
    let _lock = lock(ctx, companion).await?;
    let mut plan = plan.clone();
    let made_of = digest::sha1(&format!("{plan:?}"))?;
    plan.label.insert(MADE_OF.to_owned(), made_of.clone());
    let before = settle(ctx, companion).await?;
    if let Some(same) = before.as_ref().filter(|one| one.labels.get(MADE_OF) == Some(&made_of)) {
        if same.state == "running" {
            ctx.out.detail(format!("{companion} runs already"));
            return Ok(Started { id: same.id.clone(), ran_already: true });
        }
        free_ports::require(ctx, companion, &plan).await?;
        ctx.platform.docker.start_container(&same.id).await.map_err(|error| refused(error.into(), &plan))?;
        stays(ctx, companion, &same.id).await?;
        return Ok(Started { id: same.id.clone(), ran_already: false });
    }
    free_ports::require(ctx, companion, &plan).await?;
    let id = replace(ctx, companion, &plan, before).await?;
    Ok(Started { id, ran_already: false })
}

/// Tidies up after a start that was killed: of two containers the one that runs is kept, under the right name.
async fn settle(ctx: &Ctx, companion: &str) -> Result<Option<ContainerSummary>> {
    let (mut named, left): (Vec<_>, Vec<_>) =
        all(ctx, companion).await?.into_iter().partition(|one| one.name() != upcoming(companion));
    for other in left {
        if other.state == "running" && named.iter().all(|one| one.state != "running") {
            for one in named.drain(..) {
                remove(ctx, &one.id).await?;
            }
            ctx.platform.docker.rename_container(&other.id, &name_of(companion)).await?;
            named.push(other);
        } else {
            remove(ctx, &other.id).await?;
        }
    }
    Ok(named.into_iter().next())
}

async fn replace(
    ctx: &Ctx,
    companion: &str,
    plan: &RunPlan,
    before: Option<ContainerSummary>,
) -> Result<String> {
    let docker = &ctx.platform.docker;
    let out = ctx.out.clone();
    let plan = RunPlan { name: Some(upcoming(companion)), ..plan.clone() };
    ctx.out.debug(plan.to_string());
    let id = fetch::create_container(ctx, &plan, &mut |line: &str| out.debug(line)).await?;
    let ran = before.as_ref().filter(|one| one.state == "running");
    // Both want the same ports: the one before has to go first.
    if let Some(ran) = ran {
        docker.stop_container(&ran.id, None).await.or_gone()?;
    }
    let started = match docker.start_container(&id).await {
        Ok(()) => stays(ctx, companion, &id).await,
        Err(error) => Err(refused(error.into(), &plan)),
    };
    if let Err(failure) = started {
        remove(ctx, &id).await?;
        let Some(ran) = ran else { return Err(failure) };
        docker.start_container(&ran.id).await?;
        return Err(failure.hint(format!("{companion} runs again as it did before")));
    }
    if let Some(before) = before {
        remove(ctx, &before.id).await?;
    }
    docker.rename_container(&id, &name_of(companion)).await?;
    Ok(id)
}

/// What the engine says when a program of the host itself has a port names neither program nor way out.
fn refused(failure: Failure, plan: &RunPlan) -> Failure {
    let ports: Vec<&str> = plan.publish.iter().filter_map(|port| port.host.as_deref()).collect();
    if ports.is_empty() {
        return failure;
    }
    failure.hint(format!(
        "It publishes these ports of the host, which nobody else may have: {}",
        ports.join(", ")
    ))
}

/// Waits until it may be taken for well: it runs, and was not started again.
async fn stays(ctx: &Ctx, companion: &str, id: &str) -> Result {
    let until = tokio::time::Instant::now() + WELL_AFTER;
    loop {
        let container = ctx.platform.docker.inspect_container(id).await?;
        let state = &container.state;
        if !state.running || state.restarting || container.restart_count > 0 {
            let words = last_words(ctx, id).await?;
            return Err(Failure::user(format!(
                "{companion} does not stay up (exit status {}){}{words}",
                state.exit_code,
                if words.is_empty() { "" } else { ":\n" },
            )));
        }
        if tokio::time::Instant::now() >= until {
            return Ok(());
        }
        waits::during(Wait::Engine, tokio::time::sleep(Duration::from_millis(200))).await;
    }
}
