//! Ending a deploy from outside, in whichever of its phases.

use std::time::Duration;

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::lock::Lock;
use crate::platform::process_mark::ProcessMark;
use crate::store::builds::{self, End, Halted, NO_STATUS, Record, Status};
use tokio::time::{Instant, sleep};

use super::intent;
use super::settle::settle;
use super::turn::in_line;

/// How long a canceled deploy may take to undo what it did. Then its process is killed, and we undo.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often it is looked whether it is gone.
const LOOK: Duration = Duration::from_millis(50);

/// Ends a deploy: one that waits leaves its line, one that builds or checks is undone. What served goes on serving.
/// Returns when nothing is left of it.
///
/// # Errors
/// When the record cannot be written, the process not be signalled, or what is left not be undone.
pub async fn cancel(ctx: &Ctx, app: &AppName, id: &str) -> Result<Halted> {
    let halted = begin_cancel(ctx, app, id)?;
    if let Halted::Ended(record) = &halted {
        end_cancel(ctx, app, record).await?;
    }
    Ok(halted)
}

/// The decision: from here on the deploy is canceled, or it is not.
///
/// # Errors
/// When the record cannot be written.
pub fn begin_cancel(ctx: &Ctx, app: &AppName, id: &str) -> Result<Halted> {
    let end = End { status: Status::Canceled, exit_code: NO_STATUS, cause: Some("canceled".to_owned()) };
    let (layout, now) = (ctx.layout(), ctx.platform.clock.now());
    Ok(builds::halt(layout, app, id, (end, now), || intent::is_past_switch(layout, app, id))?)
}

/// Waits until nothing is left of a deploy that was canceled. The record is as it was before.
///
/// # Errors
/// When the process cannot be signalled, or what is left not be undone.
pub async fn end_cancel(ctx: &Ctx, app: &AppName, record: &Record) -> Result {
    ask_to_end(ctx, app, record).await?;
    settle_rest(ctx, app).await
}

/// The record is final already: the process finds it so and undoes what it did. Other deploys that the same process
/// does go on, so the signal goes to it alone; only one that does not react is ended with all it started.
async fn ask_to_end(ctx: &Ctx, app: &AppName, record: &Record) -> Result {
    let Some(process) = record.process() else { return Ok(()) };
    process.ask_to_quit()?;
    let deadline = Instant::now() + PATIENCE;
    while is_at_it(ctx, app, record, &process)? {
        if Instant::now() >= deadline {
            process.end_group(Duration::ZERO)?;
            return Ok(());
        }
        sleep(LOOK).await;
    }
    Ok(())
}

fn is_at_it(ctx: &Ctx, app: &AppName, record: &Record, process: &ProcessMark) -> Result<bool> {
    let holds = builds::current(ctx.layout(), app)?.is_some_and(|id| id == record.id);
    let waits = || Ok::<_, crate::kernel::Failure>(in_line(ctx, app)?.contains(&record.id));
    Ok(process.is_alive() && (holds || waits()?))
}

/// What a process that was killed has left; the next in line does the same.
async fn settle_rest(ctx: &Ctx, app: &AppName) -> Result {
    let Some(_turn) = Lock::try_take(&ctx.layout().deploy_queue(app))? else { return Ok(()) };
    settle(ctx, app).await
}
