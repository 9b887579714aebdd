//! The tasks that run by the clock: of an app, from its app.json, and those that plugins bring.

use crate::kernel::{Ctx, Failure, Result};
use crate::model::app_json::CronTask;
use crate::model::{AppJson, AppName, Outcome, Schedule, Scope, shell_fields};
use crate::platform::clock;
use crate::store::{Extracted, properties};
use crate::triggers;

use super::{DOMAIN, id};

/// What a setting of a single task begins with; its number follows.
pub const TASK_MAINTENANCE: &str = "maintenance.";

/// A task of an app.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its number.
    pub id: String,
    /// What to run.
    pub command: String,
    /// When.
    pub schedule: Schedule,
    /// The same as it is written.
    pub schedule_text: String,
    /// `allow`, `forbid` or `replace`.
    pub concurrency_policy: String,
    /// No task of the app runs.
    pub is_app_in_maintenance: bool,
    /// This one does not.
    pub is_in_maintenance: bool,
}

impl Task {
    /// True when it runs by the clock.
    pub fn runs(&self) -> bool {
        !self.is_app_in_maintenance && !self.is_in_maintenance
    }
}

/// A task that a plugin brings.
#[derive(Clone, Debug)]
pub struct Injected {
    /// Its number.
    pub id: String,
    /// When.
    pub schedule: Schedule,
    /// The same as it is written.
    pub schedule_text: String,
    /// What to run, for a shell.
    pub command: String,
    /// Where what it writes is added.
    pub log: Option<String>,
}

/// What an entry of app.json without command or schedule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Incomplete {
    /// It is left out, with a warning.
    Warns,
    /// It fails the deploy.
    Fails,
}

/// The tasks of the app's release, or of its deploy in progress.
///
/// # Errors
/// An app.json that cannot be read, or a task in it that cannot be.
pub fn of_app(ctx: &Ctx, app: &AppName) -> Result<Vec<Task>> {
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let text = Extracted::AppJson.read(ctx.layout(), app, pid)?.unwrap_or_default();
    read(ctx, app, &AppJson::parse(&text)?.cron, Incomplete::Warns)
}

/// Fails where a task of an app.json cannot be.
///
/// # Errors
/// That task, and why.
pub fn check(ctx: &Ctx, app: &AppName, app_json: &AppJson) -> Result {
    read(ctx, app, &app_json.cron, Incomplete::Fails).map(drop)
}

fn read(ctx: &Ctx, app: &AppName, written: &[CronTask], incomplete: Incomplete) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    if written.is_empty() {
        return Ok(tasks);
    }
    let is_app_in_maintenance = is_in_maintenance(ctx, &Scope::from(app))?;
    for (index, one) in written.iter().enumerate() {
        let missing = match (one.command.is_empty(), one.schedule.is_empty()) {
            (true, _) => Some("cron task command"),
            (false, true) => Some("cron schedule"),
            (false, false) => None,
        };
        if let Some(missing) = missing {
            let what = format!("Missing {missing} for app {app} (index {index})");
            match incomplete {
                Incomplete::Fails => return Err(Failure::user(what)),
                Incomplete::Warns => ctx.out.warn(what),
            }
            continue;
        }
        let mut task = task(app, one)?;
        task.is_app_in_maintenance = is_app_in_maintenance;
        task.is_in_maintenance |= is_suspended(ctx, app, &task.id)?;
        tasks.push(task);
    }
    Ok(tasks)
}

fn task(app: &AppName, one: &CronTask) -> Result<Task> {
    let schedule = read_schedule(&one.schedule).map_err(|fault| {
        let why = fault.message;
        Failure::user(format!("Invalid cron schedule for app {app} (schedule {}): {why}", one.schedule))
    })?;
    shell_fields::split(&one.command).map_err(|fault| {
        let why =
            format!("Invalid cron command for app {app} (command {:?}): {}", one.command, fault.message);
        fault.hints.iter().fold(Failure::user(why), |failure, hint| failure.hint(hint))
    })?;
    let concurrency_policy = match one.concurrency_policy.as_str() {
        "" => "allow",
        policy @ ("allow" | "forbid" | "replace") => policy,
        other => {
            return Err(Failure::user(format!(
                "Invalid cron concurrency policy for app {app} (schedule {}): {other}",
                one.schedule
            )));
        }
    };
    Ok(Task {
        id: id::of_task(app, &one.command, &one.schedule),
        command: one.command.clone(),
        schedule,
        schedule_text: one.schedule.clone(),
        concurrency_policy: concurrency_policy.to_owned(),
        is_app_in_maintenance: false,
        is_in_maintenance: one.maintenance,
    })
}

/// A schedule whose time zone, if it names one, is known here.
fn read_schedule(text: &str) -> Outcome<Schedule> {
    let schedule = Schedule::parse(text)?;
    schedule.zone().map(clock::zone).transpose()?;
    Ok(schedule)
}

/// True when no task of the app is to run: its own setting says so, or that of all apps.
///
/// # Errors
/// When the settings cannot be read.
pub fn is_in_maintenance(ctx: &Ctx, scope: &Scope) -> Result<bool> {
    let says = |scope: &Scope| -> Result<bool> {
        Ok(properties::get(ctx.layout(), DOMAIN.plugin, scope, "maintenance")?.as_deref() == Some("true"))
    };
    Ok(says(scope)? || says(&Scope::Global)?)
}

fn is_suspended(ctx: &Ctx, app: &AppName, id: &str) -> Result<bool> {
    let key = format!("{TASK_MAINTENANCE}{id}");
    let value = properties::get(ctx.layout(), DOMAIN.plugin, &Scope::from(app), &key)?;
    // What Go takes for true, for volumes that Dokku wrote.
    Ok(matches!(value.as_deref(), Some("true" | "True" | "TRUE" | "t" | "T" | "1")))
}

/// The tasks that plugins bring. A line that is none is told, and keeps the others from nothing.
///
/// # Errors
/// When a plugin fails that is asked.
pub async fn injected(ctx: &Ctx, scheduler: &str) -> Result<Vec<Injected>> {
    let lines = ctx.fire(triggers::CronEntries { scheduler: scheduler.to_owned() }).await?;
    let mut tasks = Vec::new();
    for line in lines {
        match injected_task(&line) {
            Some(task) => tasks.push(task),
            None => ctx.out.warn(format!("Invalid injected cron task: {line}")),
        }
    }
    Ok(tasks)
}

fn injected_task(line: &str) -> Option<Injected> {
    let parts: Vec<&str> = line.split(';').collect();
    let (schedule, command, log) = match parts.as_slice() {
        [schedule, command] => (schedule, command, None),
        [schedule, command, log] => (schedule, command, Some((*log).to_owned())),
        _ => return None,
    };
    Some(Injected {
        id: id::of_line(&parts),
        schedule: Schedule::parse_crontab(schedule.trim()).ok()?,
        schedule_text: (*schedule).to_owned(),
        command: (*command).to_owned(),
        log: log.filter(|log| !log.trim().is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugins_line_has_two_parts_or_three() {
        let read =
            injected_task("0 5 * * *;dokku ps:restart shop;/var/log/dokku/restart.log").expect("a task");
        assert_eq!(
            (read.command.as_str(), read.log.as_deref()),
            ("dokku ps:restart shop", Some("/var/log/dokku/restart.log"))
        );
        assert_eq!(injected_task("@daily;/bin/true").expect("a task").id, "5cruaotm4yzzpnjlsdunblj8qyjp");
        for line in ["0 5 * * *", "a;b", "@daily;a;b;c"] {
            assert!(injected_task(line).is_none(), "{line}");
        }
    }
}
