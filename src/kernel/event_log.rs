//! The log of triggers, with `events:on` (contract: output.md section 5, `events`).

use super::ctx::Ctx;
use super::failure::Result;
use crate::platform::{files, process, user};

/// Writes a line for a fired trigger when logging is on.
///
/// # Errors
/// When the log cannot be written.
pub fn record(ctx: &Ctx, trigger: &str, arguments: &[String]) -> Result {
    if ctx.env.get("DOKKU_EVENTS").is_none() {
        return Ok(());
    }
    let time = ctx.platform.clock.now().strftime("%b %e %H:%M:%S");
    let host = user::host_name();
    let caller = &ctx.caller;
    let dokku_pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let line = format!(
        "{time} {host} dokku-event[{}]: INVOKED: {trigger}( {} ) NAME={} FINGERPRINT={} DOKKU_PID={dokku_pid}\n",
        process::own_pid(),
        arguments.join(" "),
        caller.name,
        caller.fingerprint,
    );
    Ok(files::append(&ctx.layout().events_log(), &line, 0o664)?)
}
