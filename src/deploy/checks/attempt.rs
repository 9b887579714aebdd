//! The tries of one check.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::model::Outcome;
use crate::model::app_json::Probe;
use crate::platform::docker::Container;
use crate::platform::probe::HttpRequest;

use super::listening;
use super::once::{self, Unwell};
use super::plan::Check;
use super::run::Surroundings;

/// Tries until one try succeeds or all have failed; then the error of each.
pub(super) async fn all(surroundings: &Surroundings<'_>, check: &Check) -> Result<(), Vec<String>> {
    delay(surroundings, check).await.map_err(|fault| vec![fault.message])?;
    let subject = surroundings.subject();
    match &check.probe {
        Probe::Uptime(time) => uptime(surroundings, *time).await.map_err(|error| vec![error]),
        Probe::Listening { port } => listening::opens(surroundings, check, port.unwrap_or(subject.port))
            .await
            .map_err(|error| vec![error; usize::try_from(check.attempts).unwrap_or(1)]),
        Probe::Command(command) => repeated(check, || run_inside(surroundings, command, check.timeout)).await,
        Probe::Path { content, .. } => {
            let request = once::request(subject, &check.probe);
            repeated(check, || ask(&request, content, check)).await
        }
    }
}

async fn delay(surroundings: &Surroundings<'_>, check: &Check) -> Outcome {
    if check.initial_delay > Duration::ZERO {
        let container = inspect(surroundings).await?;
        sleep(check.initial_delay.saturating_sub(uptime_of(surroundings, &container))).await;
    }
    Ok(())
}

async fn repeated<F: Future<Output = Result<(), String>>>(
    check: &Check,
    attempt: impl Fn() -> F,
) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    for number in 1..=check.attempts {
        match attempt().await {
            Ok(()) => return Ok(()),
            Err(error) => errors.push(error),
        }
        if number < check.attempts {
            sleep(check.wait).await;
        }
    }
    Err(errors)
}

/// One try of a path. The port is given the time between two tries to open, so that an app that begins to
/// listen a moment later is asked in that moment.
async fn ask(request: &HttpRequest, content: &str, check: &Check) -> Result<(), String> {
    listening::wait_for_port(&request.address, request.port, Instant::now() + check.wait).await;
    once::ask(request, content, check.timeout).await.map_err(|unwell| unwell.why)
}

/// One try of a program in the container, with what it wrote where it failed.
async fn run_inside(
    surroundings: &Surroundings<'_>,
    command: &[String],
    limit: Duration,
) -> Result<(), String> {
    once::run_inside(surroundings.subject(), command, limit).await.map_err(|Unwell { why, output }| {
        let out = &surroundings.ctx.out;
        if let Some(output) = output {
            out.step("Start healthcheck output");
            output.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| out.detail(line));
            out.step("End healthcheck output");
        }
        why
    })
}

async fn uptime(surroundings: &Surroundings<'_>, wanted: Duration) -> Result<(), String> {
    let before = inspect(surroundings).await.map_err(|fault| fault.message)?;
    let left = wanted.saturating_sub(uptime_of(surroundings, &before));
    sleep_until(Instant::now() + left).await;
    let after = inspect(surroundings).await.map_err(|fault| fault.message)?;
    match (after.state.running, after.restart_count) {
        (false, _) => Err("container state is not running".to_owned()),
        (true, 0) => Ok(()),
        (true, restarts) => Err(format!("container has restarted {restarts} times")),
    }
}

async fn inspect(surroundings: &Surroundings<'_>) -> Outcome<Container> {
    Ok(surroundings.ctx.platform.docker.inspect_container(&surroundings.target.id).await?)
}

/// How long the container runs, by the machine's clock. The engine's may be another: then it has just begun.
fn uptime_of(surroundings: &Surroundings<'_>, container: &Container) -> Duration {
    let now = surroundings.ctx.platform.clock.now();
    let started = container.state.started_at.unwrap_or(now);
    Duration::try_from(now.duration_since(started)).unwrap_or_default()
}
