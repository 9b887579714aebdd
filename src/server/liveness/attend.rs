//! One container and its liveness checks, until it is not the app's any more.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::select_all;
use tokio::time::sleep;
use tracing::{info, warn};

use super::judge::{Judged, judge};
use super::restart::restart;
use super::{Place, World, pace};
use crate::deploy::checks::{Check, Subject, headers, once};
use crate::model::app_json::Probe;
use crate::model::{Outcome, Scope};
use crate::store::{certificates, process_ends, processes, vhosts};

/// The command that does what the app wants done about a failure.
const TELL: &str = "checks:tell";

/// How many tries it is told of, the last ones.
const ERRORS: usize = 50;

/// How many characters of each.
const ERROR: usize = 2000;

/// A check that failed as often as it may.
pub struct Failed<'a> {
    /// Which.
    pub check: &'a Check,
    /// What each try said.
    pub errors: Vec<String>,
}

impl Failed<'_> {
    /// In a sentence, for whoever asks later on.
    pub fn reason(&self) -> String {
        let name = &self.check.name;
        let times = match self.errors.len() {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let last = self.errors.last().map(String::as_str).unwrap_or_default();
        format!("liveness check '{name}' failed {times}: {last}")
    }
}

/// Runs the checks side by side, and restarts the container when one has failed.
pub async fn attend(world: Arc<World>, place: Place, checks: Vec<Check>) {
    loop {
        let all = checks.iter().map(|check| fails(&world, &place, check).boxed());
        let Some(failed) = select_all(all).await.0 else { return };
        let ends = process_ends::all(&world.layout, &place.app).unwrap_or_default();
        let pause = pace::pause(&ends, &place.dyno.to_string(), world.clock.now());
        if pause > Duration::ZERO {
            let seconds = pause.as_secs();
            info!(app = place.app.as_str(), process = %place.dyno, seconds, "{}; it was restarted just now", failed.reason());
            // It may well recover by itself: it is asked anew then.
            sleep(pause).await;
            continue;
        }
        if let Err(fault) = restart(&world, &place, &failed).await {
            warn!(app = place.app.as_str(), process = %place.dyno, "{fault}");
        }
    }
}

/// Tries again and again. Ends when the check has failed as often in a row as it may, or, with nothing, when the container
/// is not the app's any more.
async fn fails<'a>(world: &World, place: &Place, check: &'a Check) -> Option<Failed<'a>> {
    let mut errors = Vec::new();
    let mut begun = None;
    let mut is_told = false;
    loop {
        sleep(check.wait).await;
        if !stands(world, place).unwrap_or(true) {
            return None;
        }
        // Whoever attends to more containers than that may ask waits, and so do they all.
        let Ok(_turn) = world.at_once.acquire().await else { return None };
        match attempt(world, place, check).await {
            Judged::Passed => {
                errors.clear();
                is_told = false;
            }
            Judged::Undecided => errors.clear(),
            Judged::Failed(why, started_at) => {
                // Started anew meanwhile, by the engine or by somebody: that is another life.
                if begun != started_at {
                    begun = started_at;
                    errors.clear();
                }
                errors.push(why);
            }
        }
        if errors.len() < usize::try_from(check.attempts).unwrap_or(1) {
            continue;
        }
        let failed = Failed { check, errors: std::mem::take(&mut errors) };
        if !check.warn {
            return Some(failed);
        }
        if !std::mem::replace(&mut is_told, true) {
            warn!(app = place.app.as_str(), process = %place.dyno, "{}", failed.reason());
            tell(world, place, &failed).await;
        }
    }
}

/// Has a command do what the app wants done about a failure: a program of an app must not run as the server does.
pub async fn tell(world: &World, place: &Place, failed: &Failed<'_>) {
    let Failed { check, errors } = failed;
    if check.on_failure.is_none() {
        return;
    }
    let (app, process_type) = (place.app.to_string(), place.dyno.process_type.to_string());
    let mut words = vec![TELL.to_owned(), app, process_type, check.name.clone()];
    let first = errors.len().saturating_sub(ERRORS);
    words.extend(errors[first..].iter().map(|error| argument(error)));
    if let Err(fault) = world.run(words).await {
        warn!(app = place.app.as_str(), process = %place.dyno, "what is wanted on failure: {fault}");
    }
}

/// As an argument of a program, which holds no NUL and may not be long.
fn argument(error: &str) -> String {
    error.chars().filter(|character| *character != '\0').take(ERROR).collect()
}

/// True while the container stands for the app.
pub fn stands(world: &World, place: &Place) -> Outcome<bool> {
    Ok(processes::container(&world.layout, &place.app, &place.dyno)?.as_ref() == Some(&place.id))
}

async fn attempt(world: &World, place: &Place, check: &Check) -> Judged {
    match ask(world, place, check).await {
        Ok(judged) => judged,
        // An engine that does not answer says nothing about a container.
        Err(_) => Judged::Undecided,
    }
}

async fn ask(world: &World, place: &Place, check: &Check) -> Outcome<Judged> {
    if !world.is_switched_on(&place.app)? {
        return Ok(Judged::Undecided);
    }
    let address = match &check.probe {
        Probe::Path { .. } | Probe::Listening { .. } => address(world, place).await?,
        Probe::Command(_) | Probe::Uptime(_) => String::new(),
    };
    let is_tls = certificates::exists(&world.layout, &place.app);
    let headers = headers(is_tls, vhosts::read(&world.layout, &Scope::from(&place.app))?);
    let subject = Subject {
        docker: &world.docker,
        id: &place.id,
        address: &address,
        port: processes::port(&world.layout, &place.app, &place.dyno)?,
        headers: &headers,
    };
    let Err(unwell) = once(subject, &check.probe, check.timeout).await else { return Ok(Judged::Passed) };
    let container = world.docker.inspect_container(&place.id).await?;
    Ok(judge(&container, check, world.clock.now(), unwell.why))
}

/// Where routes lead to; else, for they lead nowhere while nothing answers, one of the container's own.
async fn address(world: &World, place: &Place) -> Outcome<String> {
    let known = processes::ip(&world.layout, &place.app, &place.dyno)?.unwrap_or_default();
    if !known.is_empty() {
        return Ok(known);
    }
    let container = world.docker.inspect_container(&place.id).await?;
    let own = container.networks().values().map(|one| one.ip.as_str()).find(|ip| !ip.is_empty());
    Ok(own.unwrap_or_default().to_owned())
}
