//! Records as files: begun, ended, read.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Record, Status, is_id};
use crate::model::{AppName, Context, Outcome, Scope};
use crate::platform::{files, lock};
use crate::store::{Layout, properties};

/// The exit status of a build that ended without one: its process died, or it was canceled.
pub const NO_STATUS: i32 = -1;

/// The log of a build.
pub fn log_path(layout: &Layout, app: &AppName, id: &str) -> PathBuf {
    layout.builds(app).join(format!("{id}.log"))
}

pub(super) fn record_path(layout: &Layout, app: &AppName, id: &str) -> PathBuf {
    layout.builds(app).join(format!("{id}.json"))
}

/// Writes down that a build began.
///
/// # Errors
/// When the record cannot be written.
pub fn start(layout: &Layout, app: &AppName, record: &Record) -> Outcome {
    write(layout, app, record)
}

pub(super) fn write(layout: &Layout, app: &AppName, record: &Record) -> Outcome {
    let text = serde_json::to_string_pretty(record).context(|| "cannot write a build record")?;
    files::write(&record_path(layout, app, &record.id), text.as_bytes(), 0o644)
}

/// How a build ended.
#[derive(Clone, Debug)]
pub struct End {
    /// Succeeded, failed or canceled.
    pub status: Status,
    /// The exit status.
    pub exit_code: i32,
    /// Why it did not end well.
    pub cause: Option<String>,
}

impl End {
    /// As the exit status tells.
    pub fn with(exit_code: i32) -> Self {
        let status = if exit_code == 0 { Status::Succeeded } else { Status::Failed };
        End { status, exit_code, cause: None }
    }
}

/// Writes down how a build ended. A record that is final already stays as it is. `None` when there is no such record.
///
/// # Errors
/// When the record cannot be read or written.
pub fn finish(layout: &Layout, app: &AppName, id: &str, end: End, now: Timestamp) -> Outcome<Option<Record>> {
    let _lock = locked(layout, app)?;
    let Some(mut record) = load(layout, app, id)? else { return Ok(None) };
    if record.status != Status::Running {
        return Ok(Some(record));
    }
    record.end(end, now);
    write(layout, app, &record)?;
    Ok(Some(record))
}

/// Writes down that a build that had succeeded was taken back after all.
///
/// # Errors
/// When the record cannot be read or written.
pub fn take_back(layout: &Layout, app: &AppName, id: &str, cause: &str) -> Outcome {
    let _lock = locked(layout, app)?;
    let Some(mut record) = load(layout, app, id)? else { return Ok(()) };
    record.status = Status::Failed;
    record.exit_code = Some(1);
    record.cause = Some(cause.to_owned());
    write(layout, app, &record)
}

pub(super) fn locked(layout: &Layout, app: &AppName) -> Outcome<lock::Lock> {
    properties::locked(layout, "builds", &Scope::from(app))
}

/// The record of a build, if there is one.
///
/// # Errors
/// When it is there and cannot be read or is no record.
pub fn load(layout: &Layout, app: &AppName, id: &str) -> Outcome<Option<Record>> {
    if !is_id(id) {
        return Ok(None);
    }
    let path = record_path(layout, app, id);
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).context(|| format!("cannot read {}", path.display()))
}

/// All records of an app, the newest first. Files that are no records are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(layout: &Layout, app: &AppName) -> Outcome<Vec<Record>> {
    let names = files::names(&layout.builds(app))?;
    let ids = names.iter().filter_map(|name| name.strip_suffix(".json"));
    let mut records: Vec<Record> = ids.filter_map(|id| load(layout, app, id).ok().flatten()).collect();
    records.sort_by(|left, right| (right.started_at, &right.id).cmp(&(left.started_at, &left.id)));
    Ok(records)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::store::builds::Source;

    pub fn server() -> (tempfile::TempDir, Layout, AppName) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        (folder, layout, "shop".parse().expect("a name"))
    }

    pub fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("a time")
    }

    pub fn begin(layout: &Layout, app: &AppName, id: &str, seconds: i64) -> Record {
        let record = Record::begin(app, id, Source::GitHook, at(seconds));
        start(layout, app, &record).expect("writable");
        record
    }

    #[test]
    fn a_record_holds_the_keys_of_dokku() {
        let (_folder, layout, app) = server();
        begin(&layout, &app, "a1", 0);
        finish(&layout, &app, "a1", End::with(0), at(63)).expect("writable");
        let text = files::read_text(&record_path(&layout, &app, "a1")).expect("readable").expect("there");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let keys: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(
            keys[..9],
            ["id", "app", "kind", "pid", "started_at", "finished_at", "status", "source", "exit_code"]
        );
        assert_eq!(json["status"], "succeeded");
        assert_eq!(json["source"], "git-hook");
        assert_eq!(json["started_at"], "2023-11-14T22:13:20Z");
        let record = load(&layout, &app, "a1").expect("readable").expect("there");
        assert_eq!(record.duration(at(500)), "1m3s");
    }

    #[test]
    fn what_is_final_stays_as_it_is() {
        let (_folder, layout, app) = server();
        begin(&layout, &app, "a1", 0);
        let canceled = End { status: Status::Canceled, exit_code: NO_STATUS, cause: None };
        finish(&layout, &app, "a1", canceled, at(1)).expect("writable");
        finish(&layout, &app, "a1", End::with(0), at(2)).expect("writable");
        let record = load(&layout, &app, "a1").expect("readable").expect("there");
        assert_eq!((record.status, record.exit_code), (Status::Canceled, Some(-1)));
    }
}
