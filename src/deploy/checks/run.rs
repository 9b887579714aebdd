//! The checks of one container, from the first word to the verdict.

use futures_util::StreamExt;
use futures_util::future::join_all;

use crate::kernel::{Ctx, Result};
use crate::model::app_json::Header;
use crate::model::{AppJson, AppName, ProcessType};
use crate::platform::docker::{Logs, Source, Until};
use crate::platform::waits::{self, Wait};
use crate::store::failed_containers::{self, FailedContainer};
use crate::store::{Extracted, processes};
use crate::triggers;

use super::once::{self, Subject};
use super::plan::{self, Check, Defaults};
use super::{attempt, on_failure};

/// A container that is to be checked.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its app.
    pub app: AppName,
    /// Its process type.
    pub process_type: ProcessType,
    /// What it is called in what is printed: `web.1`.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Where it can be reached from here; empty without a network.
    pub address: String,
    /// The port it must listen on; web only.
    pub port: Option<u16>,
}

/// What came of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The container works.
    Passed,
    /// It does not: so many tries failed.
    Failed(usize),
}

/// What all checks of a container know.
pub(super) struct Surroundings<'a> {
    pub ctx: &'a Ctx,
    pub target: &'a Target,
    /// Sent with every request, before the check's own.
    pub headers: Vec<Header>,
}

impl Surroundings<'_> {
    /// The port of a check that names none.
    pub fn port(&self) -> u16 {
        self.target.port.unwrap_or(processes::DEFAULT_PORT)
    }

    /// The container, as a single try knows it.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            docker: &self.ctx.platform.docker,
            id: &self.target.id,
            address: &self.target.address,
            port: self.port(),
            headers: &self.headers,
        }
    }
}

/// Runs all checks of a container. A container that ends meanwhile has failed at once.
///
/// # Errors
/// When the engine or the store cannot be asked. A failed check is no error but a verdict.
pub async fn pass(ctx: &Ctx, target: &Target) -> Result<Verdict> {
    let app_json = app_json(ctx, target)?;
    for check in app_json.checks(&target.process_type).iter().filter(|check| check.kind.is_none()) {
        ctx.out.warn(format!("Missing type field on healthcheck name='{}'", check.name()));
    }
    let defaults = Defaults::of(ctx.layout(), &target.app)?;
    let checks = plan::checks(&app_json, &target.process_type, target.port, defaults);
    let surroundings = Surroundings { ctx, target, headers: headers(ctx, &target.app).await? };
    ctx.out.heading(format!("Executing {} healthchecks", checks.len()));
    let ended = ctx.platform.docker.wait_container(&target.id, Until::NotRunning).await?;
    let run_all = join_all(checks.iter().map(|check| run(&surroundings, check)));
    let run_all = waits::during(Wait::Check, run_all);
    let failed = tokio::select! {
        // An end beside a check that has just passed still counts.
        biased;
        status = ended => {
            ctx.out.warn(format!("Container {} ended with status {}", target.name, status?));
            return Ok(Verdict::Failed(1));
        }
        failed = run_all => failed.into_iter().sum::<usize>(),
    };
    if failed > 0 {
        return Ok(Verdict::Failed(failed));
    }
    // It may have ended and been started again before anybody waited for its end.
    let restarts = ctx.platform.docker.inspect_container(&target.id).await?.restart_count;
    if restarts > 0 {
        ctx.out.warn(format!("Container {} has restarted {restarts} times", target.name));
        return Ok(Verdict::Failed(1));
    }
    Ok(Verdict::Passed)
}

/// The app.json. A CHECKS file takes the place of its checks of the web process.
fn app_json(ctx: &Ctx, target: &Target) -> Result<AppJson> {
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let text = Extracted::AppJson.read(ctx.layout(), &target.app, pid)?;
    let app_json = text.as_deref().map(AppJson::parse).transpose()?.unwrap_or_default();
    let old = Extracted::Checks.read(ctx.layout(), &target.app, pid)?.filter(|text| !text.is_empty());
    match old {
        Some(text) if target.process_type.is_web() => {
            ctx.out.warn(
                "Deprecated: Usage of the CHECKS file is deprecated in favor of healthchecks in app.json",
            );
            ctx.out.warn("Please move your healthchecks to app.json.");
            Ok(app_json.with_checks_file(&text)?)
        }
        Some(_) | None => Ok(app_json),
    }
}

/// The app's first domain as host, and whether it is served by TLS: what the app would see through the proxy.
async fn headers(ctx: &Ctx, app: &AppName) -> Result<Vec<Header>> {
    let is_tls = ctx.fire(triggers::CertsExists { app: app.clone() }).await?;
    Ok(once::headers(is_tls, ctx.fire(triggers::DomainsList { app: app.clone() }).await?))
}

/// Runs one check to its end and says how it went. Returns how many tries count as failed.
async fn run(surroundings: &Surroundings<'_>, check: &Check) -> usize {
    let out = &surroundings.ctx.out;
    out.detail(check.announcement(surroundings.port()));
    let errors = match attempt::all(surroundings, check).await {
        Ok(()) => {
            out.detail(format!("Healthcheck succeeded name='{}'", check.name));
            return 0;
        }
        Err(errors) => errors,
    };
    if let Some(last) = errors.last() {
        out.warn(format!("Failure in name='{}': {last}", check.name));
    }
    if let Some(wanted) = &check.on_failure
        && let Err(fault) = on_failure::tell(wanted, &surroundings.ctx.env, &check.name, &errors).await
    {
        out.warn(format!("Error in HandleFailure: {fault}"));
    }
    if check.warn { 0 } else { errors.len() }
}

/// Prints what a container wrote whose checks failed, and keeps it for `logs:failed`: the container itself is
/// about to go (contract: output.md section 6, item 15).
///
/// # Errors
/// When the engine cannot be asked.
pub async fn print_output(ctx: &Ctx, app: &AppName, id: &str, name: &str) -> Result {
    let out = ctx.out.unless_quiet();
    let short = id.get(..12).unwrap_or(id);
    out.heading(format!("Start of {app} container output ({short} {name})"));
    let mut chunks = ctx.platform.docker.container_logs(id, &Logs::default()).await?;
    let mut kept = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        kept.extend_from_slice(&chunk.bytes);
        for line in String::from_utf8_lossy(&chunk.bytes).lines() {
            match chunk.source {
                Source::Stdout => out.detail(line),
                Source::Stderr => out.warn(line),
            }
        }
    }
    out.heading(format!("End of {app} container output ({short} {name})"));
    let failed = FailedContainer { id: id.to_owned(), name: name.to_owned() };
    Ok(failed_containers::note(ctx.layout(), app, &failed, &kept)?)
}
