//! Commands by the clock.

use crate::kernel::trigger;
use crate::model::{AppName, Scope};

trigger! {
    /// Further lines of the crontab: `SCHEDULE;COMMAND` or `SCHEDULE;COMMAND;LOGFILE` each.
    CronEntries = "cron-entries" { scheduler: String } -> Vec<String>

    /// A task of an app did not end well: for whoever is to be told. `run` is its number in `cron:history`.
    CronTaskFailed = "cron-task-failed" { app: AppName, cron_id: String, run: String, exit_code: String } reads Nothing -> ()

    /// The value of mailfrom, mailto or maintenance for this very scope, or its default.
    CronGetProperty = "cron-get-property" { scope: Scope, key: String } -> String

    /// The older name of `scheduler-cron-write`, for plugins whose entries changed.
    CronWrite = "cron-write" { scheduler: String } -> ()

    /// What runs by the clock may have changed: of an app, or of all.
    SchedulerCronWrite = "scheduler-cron-write" { scheduler: String, app: Option<AppName> } -> ()

    /// Asks whether cron tasks are run by this host: `true` or nothing.
    SchedulerUsesHostCron = "scheduler-uses-host-cron" { scheduler: String } -> String
}
