//! Builds that run now, and how they are stopped.

use std::time::Duration;

use jiff::Timestamp;

use super::{End, NO_STATUS, Record, Status, finish, load};
use crate::model::{AppName, Outcome};
use crate::platform::lock;
use crate::store::Layout;

/// How long a canceled build may take to quit.
const PATIENCE: Duration = Duration::from_secs(10);

/// The id of the build that holds the app's deploy lock now, if one does.
///
/// # Errors
/// When the lock file cannot be read.
pub fn current(layout: &Layout, app: &AppName) -> Outcome<Option<String>> {
    lock::holder(&layout.deploy_queue(app))
}

/// Stops a running build: its record says canceled, its process and all of that process's group are asked to
/// quit, and are ended when it takes too long. Tells whether there was something to stop.
///
/// # Errors
/// When the record cannot be written or the process not be signalled.
pub fn cancel(layout: &Layout, app: &AppName, id: &str, now: Timestamp) -> Outcome<bool> {
    let Some(record) = load(layout, app, id)?.filter(Record::is_running) else { return Ok(false) };
    let Some(process) = record.process() else { return Ok(false) };
    // The record first: the dying process finds it final and leaves it alone.
    let end = End { status: Status::Canceled, exit_code: NO_STATUS, cause: Some("canceled".to_owned()) };
    finish(layout, app, id, end, now)?;
    process.end_group(PATIENCE)?;
    Ok(true)
}
