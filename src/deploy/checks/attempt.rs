//! The tries of one check.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::model::Outcome;
use crate::model::app_json::Probe;
use crate::platform::docker::Container;
use crate::platform::probe::HttpRequest;

use super::once::{self, Unwell};
use super::plan::Check;
use super::run::Surroundings;
use super::{inside, listening};

/// The pause after a failure that costs nothing.
const EARLY: Duration = Duration::from_secs(1);

/// Tries until one try succeeds or all have failed; then the error of each.
pub(super) async fn all(surroundings: &Surroundings<'_>, check: &Check) -> Result<(), Vec<String>> {
    let patience = begin(surroundings, check).await.map_err(|fault| vec![fault.message])?;
    let subject = surroundings.subject();
    match &check.probe {
        Probe::Uptime(time) => uptime(surroundings, *time).await.map_err(|error| vec![error]),
        Probe::Listening { port } => listening::opens(surroundings, check, port.unwrap_or(subject.port))
            .await
            .map_err(|error| vec![error; usize::try_from(check.attempts).unwrap_or(1)]),
        Probe::Command(command) => {
            let told = |unwell: &Unwell| tell_output(surroundings, unwell);
            repeated(check, patience, || inside::run(subject, command, check.timeout), told).await
        }
        Probe::Path { content, .. } => {
            let request = once::request(subject, &check.probe);
            repeated(check, patience, || ask(&request, content, check), |_| {}).await
        }
    }
}

/// Waits for the first try, and says until when failures cost none: within the first `wait` of its life nobody knows whether a
/// container is sick or has just not begun, as on a machine that has much to do.
async fn begin(surroundings: &Surroundings<'_>, check: &Check) -> Outcome<Instant> {
    let container = inspect(surroundings).await?;
    let age = uptime_of(surroundings, &container);
    let patience = Instant::now() + check.wait.saturating_sub(age);
    sleep(check.initial_delay.saturating_sub(age)).await;
    Ok(patience)
}

/// Tries, and tells of failures that count.
async fn repeated<F: Future<Output = Result<(), Unwell>>>(
    check: &Check,
    patience: Instant,
    attempt: impl Fn() -> F,
    told: impl Fn(&Unwell),
) -> Result<(), Vec<String>> {
    let mut errors = Vec::new();
    loop {
        let Err(unwell) = attempt().await else { return Ok(()) };
        if Instant::now() < patience {
            sleep_until((Instant::now() + EARLY).min(patience)).await;
            continue;
        }
        told(&unwell);
        errors.push(unwell.why);
        if errors.len() >= usize::try_from(check.attempts).unwrap_or(1) {
            return Err(errors);
        }
        sleep(check.wait).await;
    }
}

/// One try of a path. The port is given the time between two tries to open, so that an app that begins to
/// listen a moment later is asked in that moment.
async fn ask(request: &HttpRequest, content: &str, check: &Check) -> Result<(), Unwell> {
    listening::wait_for_port(&request.address, request.port, Instant::now() + check.wait).await;
    once::ask(request, content, check.timeout).await
}

/// What a program wrote that failed.
fn tell_output(surroundings: &Surroundings<'_>, unwell: &Unwell) {
    let (out, Some(output)) = (&surroundings.ctx.out, &unwell.output) else { return };
    out.step("Start healthcheck output");
    output.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| out.detail(line));
    out.step("End healthcheck output");
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
