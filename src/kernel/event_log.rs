//! The log of triggers, with `events:on` (contract: output.md section 5, `events`).

use std::time::Instant;

use super::ctx::Ctx;
use super::failure::{Failure, Result};
use crate::model::event::{self, EventEnd};
use crate::platform::{files, process, rotate, user};

/// The variable that turns it on; `events:on` writes it into a file that every command reads.
pub const VARIABLE: &str = "DOKKU_EVENTS";

/// So large a log is set aside.
const LARGEST: u64 = 8 * 1024 * 1024;

/// A trigger that is being fired, as the log knows it; nothing while logging is off.
pub(super) struct Event(Option<(event::Event, Instant)>);

impl Event {
    /// Writes down that the trigger is fired.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub(super) fn begin(ctx: &Ctx, trigger: &str, arguments: &[String]) -> Result<Self> {
        if ctx.env.get(VARIABLE).is_none() {
            return Ok(Event(None));
        }
        let event = event::Event {
            time: now(ctx),
            host: user::host_name(),
            pid: process::own_pid(),
            trigger: trigger.to_owned(),
            arguments: arguments.iter().map(|word| event::hidden(word)).collect(),
            name: ctx.caller.name.clone(),
            fingerprint: ctx.caller.fingerprint.clone(),
            dokku_pid: ctx.env.get("DOKKU_PID").unwrap_or_default().to_owned(),
            end: None,
        };
        write(ctx, &event)?;
        Ok(Event(Some((event, Instant::now()))))
    }

    /// Writes down how it ended.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub(super) fn end(
        self,
        ctx: &Ctx,
        listeners: usize,
        outcome: std::result::Result<(), &Failure>,
    ) -> Result {
        let Some((mut event, begun)) = self.0 else { return Ok(()) };
        let status = outcome.err().map_or(0, Failure::status);
        event.time = now(ctx);
        event.end = Some(EventEnd { status, listeners, milliseconds: begun.elapsed().as_millis() });
        write(ctx, &event)
    }
}

fn now(ctx: &Ctx) -> String {
    ctx.platform.clock.now().strftime("%b %e %H:%M:%S").to_string()
}

fn write(ctx: &Ctx, event: &event::Event) -> Result {
    let path = ctx.layout().events_log();
    files::append(&path, &format!("{event}\n"), 0o664)?;
    Ok(rotate::when_larger(&path, LARGEST, &ctx.layout().data("locks").join("events.lock"))?)
}
