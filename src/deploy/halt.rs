//! What ends a deploy that goes on in this process: somebody cancels it, a newer push takes its place, its client goes
//! away while it only waits, or the process is asked to end.

use std::time::Duration;

use crate::kernel::{Ctx, Failure, Result};
use crate::model::AppName;
use crate::platform::files;
use crate::platform::git::Repository;
use crate::platform::signals::Asked;
use crate::store::builds::{self, End, Halted, Kind, NO_STATUS, Record, Status};
use crate::store::interrupted::{self, Interrupted};
use tokio::time::sleep;

use super::intent;

/// How often the record is looked at. Who cancels sends a signal besides, so that nobody waits for this.
const LOOK: Duration = Duration::from_millis(500);

/// Waits for a reason to end the deploy of this id early, and tells it. Its record is final then. From the switch on
/// there is none: the new release serves, and the rest is finished.
///
/// # Errors
/// When signals cannot be heard.
pub async fn reason_to_end(
    ctx: &Ctx,
    app: &AppName,
    id: &str,
    push: Option<&Interrupted>,
) -> Result<Failure> {
    let mut asked = Asked::listen()?;
    loop {
        let signal = tokio::select! {
            signal = asked.next() => Some(signal),
            () = sleep(LOOK) => None,
        };
        match signal {
            // A deploy outlives its terminal.
            Some("HUP") => {}
            Some(signal @ ("INT" | "TERM")) => {
                // First what brings it back, then its end: a kill in between loses nothing.
                let held = push.filter(|push| signal == "TERM" && hold(ctx, app, push));
                let end = End {
                    status: if signal == "INT" { Status::Canceled } else { Status::Failed },
                    exit_code: NO_STATUS,
                    cause: Some(held.map_or_else(
                        || format!("interrupted by SIG{signal}"),
                        |_| "the server ends: this push is deployed once it is back".to_owned(),
                    )),
                };
                let ended = end_own(ctx, app, id, end)?;
                if !matches!(ended, Halted::Ended(_))
                    && let Some(held) = held
                {
                    interrupted::forget(ctx.layout(), app, &held.push.quarantine)?;
                }
                if ended == Halted::TooLate {
                    ctx.out.warn("The new release serves already: what is left of the deploy is finished");
                }
            }
            Some(_) | None => {}
        }
        // A record that cannot be read ends nothing.
        if let Ok(Some(failure)) = look(ctx, app, id) {
            return Ok(failure);
        }
    }
}

/// Writes a push down for the next start of the server, if it is the server's end that ends it. One that cannot be
/// written down is a push that was interrupted.
fn hold(ctx: &Ctx, app: &AppName, push: &Interrupted) -> bool {
    let layout = ctx.layout();
    let hold = || {
        push.push.seal(&Repository::open(&layout.app(app))?)?;
        interrupted::note(layout, app, push)
    };
    files::exists(&layout.ending()) && hold().is_ok()
}

/// The reason, if there is one now.
fn look(ctx: &Ctx, app: &AppName, id: &str) -> Result<Option<Failure>> {
    // A record that is not there was taken along by an app that is gone: whoever waits finds out in its turn.
    let Some(record) = builds::load(ctx.layout(), app, id)? else { return Ok(None) };
    if record.status != Status::Running {
        return Ok(Some(ended(&record)));
    }
    // A redeploy is wanted by what was set, not by who waits for it.
    let is_pointless = record.waits_for.is_some() && record.kind == Kind::Build && ctx.out.is_client_gone();
    if is_pointless {
        let cause = Some("its client went away while it waited".to_owned());
        let end = End { status: Status::Canceled, exit_code: NO_STATUS, cause };
        end_own(ctx, app, id, end)?;
        return Ok(builds::load(ctx.layout(), app, id)?.as_ref().map(ended));
    }
    Ok(None)
}

fn end_own(ctx: &Ctx, app: &AppName, id: &str, end: End) -> Result<Halted> {
    let now = ctx.platform.clock.now();
    Ok(builds::halt(ctx.layout(), app, id, (end, now), || intent::is_past_switch(ctx.layout(), app, id))?)
}

/// What is told of a build that was ended: one line, which a push repeats behind its reference.
pub fn ended(record: &Record) -> Failure {
    let why = match record.cause.as_deref() {
        None | Some("canceled") => format!("build {} was canceled", record.id),
        Some(cause) => cause.to_owned(),
    };
    Failure::user(why)
}
