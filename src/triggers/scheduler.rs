//! What a scheduler does for an app.

use crate::kernel::{Ctx, Result, trigger};
use crate::model::AppName;
use crate::store::apps;

/// The scheduler of an app that chose none.
pub const DOCKER_LOCAL: &str = "docker-local";

/// The variable that tells a scheduler how lines of logs are to look, for which its triggers have no argument: `json` for an
/// object a line, with time, process, stream and message.
pub const LOGS_FORMAT: &str = "DOKKU_LOGS_FORMAT";

trigger! {
    /// A container was replaced: it is to be stopped and removed after `wait` seconds (60 without a number).
    SchedulerRegisterRetired = "scheduler-register-retired" { app: AppName, container_id: String, wait: Option<u32> } -> ()

    /// Asks for a scheduler for an app for which none was chosen. The first name that is printed wins; none is docker-local.
    SchedulerOffer = "scheduler-offer" { app: AppName } -> Vec<String>

    /// Asks which scheduler the app has.
    SchedulerDetect = "scheduler-detect" { app: String } -> String

    /// Asks whether the app is deployed: success says yes, failure no.
    SchedulerIsDeployed = "scheduler-is-deployed" { scheduler: String, app: AppName } -> ()

    /// Stops all containers of the app, and removes them where the third argument is `true`.
    SchedulerStop = "scheduler-stop" { scheduler: String, app: AppName, remove_containers: Option<bool> } -> ()

    /// The app is being destroyed, its containers are gone: the scheduler forgets it.
    SchedulerPostDelete = "scheduler-post-delete" { scheduler: String, app: AppName, image_tag: String } -> ()

    /// Removes what waits to be retired: of all apps, or of one.
    SchedulerRetire = "scheduler-retire" { scheduler: String, app: Option<AppName> } -> ()

    /// How many containers the app has, and whether they run: `2 true`, `2 false` or `2 mixed`.
    SchedulerAppStatus = "scheduler-app-status" { scheduler: String, app: AppName } -> String

    /// Opens a shell, or runs a command, in a container of the app. Words: `--container-id ID`, or `web`, or `web.1`, or
    /// nothing; then `--` and the command.
    SchedulerEnter = "scheduler-enter" { scheduler: String, app: AppName, words: Vec<String> } -> ()

    /// Prints what the scheduler knows of the app's containers, values of variables hidden.
    SchedulerInspect = "scheduler-inspect" { scheduler: String, app: AppName } -> ()

    /// Prints what the app's containers wrote: of one process type or, when it is empty, of all. `quiet` leaves out time and
    /// container.
    SchedulerLogs = "scheduler-logs" { scheduler: String, app: AppName, process: String, tail: bool, quiet: bool, num: u32 } -> ()

    /// Prints what containers wrote that failed in the last deploys.
    SchedulerLogsFailed = "scheduler-logs-failed" { scheduler: String, app: AppName } -> ()

    /// `ps:restore` is about to start the app.
    SchedulerPreRestore = "scheduler-pre-restore" { scheduler: String, app: AppName } -> ()

    /// Runs a command in a container of its own. Words: so many `KEY=VALUE`, `--`, the command. Options stand in the
    /// environment as DOKKU_*.
    SchedulerRun = "scheduler-run" { scheduler: String, app: AppName, env_count: u32, words: Vec<String> } -> ()

    /// Lists one-off containers: `stdout` or `json`.
    SchedulerRunList = "scheduler-run-list" { scheduler: String, app: AppName, format: String } -> ()

    /// Prints what one-off containers wrote: one of them or, when none is named, all.
    SchedulerRunLogs = "scheduler-run-logs" { scheduler: String, app: AppName, container: String, tail: bool, quiet: bool, num: u32 } -> ()

    /// Stops one-off containers that are past their time: those of an app or, without arguments, all.
    SchedulerRunRetire = "scheduler-run-retire" { scheduler: String, app: Option<AppName> } -> ()

    /// Stops a one-off container or, when none is named, all of the app.
    SchedulerRunStop = "scheduler-run-stop" { scheduler: String, app: Option<AppName>, container: String } -> ()

    /// A container that was to go could not be stopped.
    RetireContainerFailed = "retire-container-failed" { app: AppName, container_id: String } -> ()

    /// A one-off container has ended; one that goes on by itself has just begun.
    SchedulerPostRun = "scheduler-post-run" { scheduler: String, app: AppName, container_id: String, exit_code: String } -> ()

    /// The configuration of the app's proxy, where its scheduler runs it.
    SchedulerProxyConfig = "scheduler-proxy-config" { scheduler: String, app: AppName, proxy_type: String } -> ()

    /// The log of the app's proxy, where its scheduler runs it; `log_type` is `access` or `error`.
    SchedulerProxyLogs = "scheduler-proxy-logs" { scheduler: String, app: AppName, proxy_type: String, log_type: String, tail: bool, num: u32 } -> ()

    /// A limit or reservation of a process type, else that of all its process types; an empty line without either.
    /// `kind` is `limit` or `reserve`.
    ResourceGetProperty = "resource-get-property" { app: AppName, process_type: String, kind: String, key: String } -> String
}

/// The scheduler of the app.
///
/// # Errors
/// When a listener fails.
pub async fn scheduler_of(ctx: &Ctx, app: &AppName) -> Result<String> {
    detect(ctx, app.to_string()).await
}

/// The scheduler of apps that chose none.
///
/// # Errors
/// When a listener fails.
pub async fn scheduler_of_all(ctx: &Ctx) -> Result<String> {
    detect(ctx, "--global".to_owned()).await
}

async fn detect(ctx: &Ctx, app: String) -> Result<String> {
    let found = ctx.fire(SchedulerDetect { app }).await?;
    let first = found.lines().next().unwrap_or_default().trim();
    Ok(if first.is_empty() { DOCKER_LOCAL } else { first }.to_owned())
}

/// True when the app is deployed. For our own scheduler the app's files tell (contract: layout.md section 3), so that
/// asking costs no engine call; any other is asked by trigger.
///
/// # Errors
/// When the scheduler of the app cannot be found out.
pub async fn is_deployed(ctx: &Ctx, app: &AppName) -> Result<bool> {
    let scheduler = scheduler_of(ctx, app).await?;
    if scheduler == DOCKER_LOCAL {
        // One without containers was scaled down to none, and can be scaled up again.
        return Ok(apps::was_deployed(ctx.layout(), app)?);
    }
    Ok(ctx.fire(SchedulerIsDeployed { scheduler, app: app.clone() }).await.is_ok())
}
