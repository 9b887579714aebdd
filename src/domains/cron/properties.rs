//! The settings of tasks by the clock.

use crate::kernel::{BoxFuture, Ctx, Properties, Property, Result, Style, switch};
use crate::model::{Outcome, Scope};
use crate::platform::clock;
use crate::triggers::{self, scheduler_of};

/// The settings. That of a single task, `maintenance.ID`, is no row: it comes and goes with the task.
pub const PROPERTIES: Properties = Properties {
    plugin: "cron",
    style: Style::Go,
    list: &[
        Property::both(
            "catch-up",
            "false",
            "Whether a run that was missed while the server was down is made up for, once",
        )
        .checked(switch),
        Property::global("mailfrom", "", "MAILFROM line of the crontab"),
        Property::global("mailto", "", "MAILTO line of the crontab"),
        Property::both("maintenance", "false", "Whether no task runs").checked(switch),
        Property::both(
            "timezone",
            "",
            "Time zone of the schedules in app.json, such as Europe/Berlin; the server's without one",
        )
        .checked(zone),
    ],
    after_set: Some(rewrite),
};

fn zone(name: &str) -> Outcome {
    clock::zone(name).map(drop)
}

fn rewrite(ctx: Ctx, scope: Scope, _: &'static str, _: String) -> BoxFuture<Result> {
    Box::pin(async move { write(&ctx, &scope).await })
}

/// Has the crontab written anew.
///
/// # Errors
/// When it cannot be written.
pub async fn write(ctx: &Ctx, scope: &Scope) -> Result {
    let (scheduler, app) = match scope {
        Scope::App(app) => (scheduler_of(ctx, app).await?, Some(app.clone())),
        Scope::Global => (triggers::scheduler_of_all(ctx).await?, None),
    };
    ctx.fire(triggers::SchedulerCronWrite { scheduler, app }).await
}
