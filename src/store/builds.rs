//! Builds and deploys, one record and one log each: `data/builds/APP/ID.json`, `ID.log`
//! (contract: layout.md section 4, "Build record keys").

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Layout, properties};
use crate::model::{AppName, Context, Outcome, Scope};
use crate::platform::Platform;
use crate::platform::process_mark::ProcessMark;
use crate::platform::{files, lock};

/// How many finished records an app keeps unless the property `retention` says otherwise.
pub const RETENTION: usize = 20;

/// How long a canceled build may take to quit.
const PATIENCE: Duration = Duration::from_secs(10);

/// The exit status of a build that ended without one: its process died, or it was canceled.
pub const NO_STATUS: i32 = -1;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A new image was made and deployed.
    Build,
    /// The image at hand was deployed again.
    Deploy,
}

/// How far it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It runs, unless its process is gone.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// Somebody stopped it.
    Canceled,
    /// It says it runs, but its process is gone. Shown, never stored.
    #[serde(skip_deserializing)]
    Abandoned,
}

/// What started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A push.
    #[serde(rename = "git-hook")]
    GitHook,
    /// `ps:rebuild`.
    #[serde(rename = "ps:rebuild")]
    PsRebuild,
    /// `git:sync`.
    #[serde(rename = "git:sync")]
    GitSync,
    /// `git:from-archive`.
    #[serde(rename = "git:from-archive")]
    GitFromArchive,
    /// `git:from-image`.
    #[serde(rename = "git:from-image")]
    GitFromImage,
    /// `git:load-image`.
    #[serde(rename = "git:load-image")]
    GitLoadImage,
    /// `ps:restart`.
    #[serde(rename = "ps:restart")]
    PsRestart,
    /// `ps:start`.
    #[serde(rename = "ps:start")]
    PsStart,
    /// `deploy`, and `ps:scale`.
    #[serde(rename = "deploy")]
    Deploy,
    /// `config:set` and its like.
    #[serde(rename = "config-redeploy")]
    ConfigRedeploy,
    /// Whatever a plugin named that is none of these.
    #[serde(rename = "unknown", other)]
    Unknown,
}

/// The words of a value that has one in JSON.
fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).ok();
    json.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

macro_rules! spelled_as_in_json {
    ($($name:ident)+) => { $(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&word(self))
            }
        }
    )+ };
}
spelled_as_in_json!(Kind Status Source);

impl Source {
    /// The source of this word; `Unknown` for any other.
    pub fn from_word(text: &str) -> Self {
        serde_json::from_value(serde_json::Value::from(text)).unwrap_or(Source::Unknown)
    }

    /// Whether such a run makes an image or takes the one at hand.
    pub fn kind(self) -> Kind {
        match self {
            Source::GitHook
            | Source::PsRebuild
            | Source::GitSync
            | Source::GitFromArchive
            | Source::GitFromImage
            | Source::GitLoadImage => Kind::Build,
            Source::PsRestart
            | Source::PsStart
            | Source::Deploy
            | Source::ConfigRedeploy
            | Source::Unknown => Kind::Deploy,
        }
    }
}

/// One build or deploy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its id: 8 base36 characters of time, 6 of chance, so that ids sort by time.
    pub id: String,
    /// The app.
    pub app: String,
    /// What was done.
    pub kind: Kind,
    /// The number of the process that does it.
    pub pid: u32,
    /// When it began, UTC.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How far it came, as stored; see [`Record::shown_status`].
    pub status: Status,
    /// What started it.
    pub source: Source,
    /// The exit status it ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// With `boot_id`, tells the process from a later one of the same number. Not a key of Dokku's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid_start_time: Option<u64>,
    /// Which start of the machine `pid_start_time` counts from. Not a key of Dokku's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
    /// Why it did not end well, in a line. Not a key of Dokku's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

impl Record {
    /// A build that begins now and is done by this process.
    pub fn begin(app: &AppName, id: &str, source: Source, now: Timestamp) -> Self {
        let record = Record {
            id: id.to_owned(),
            app: app.to_string(),
            kind: source.kind(),
            pid: 0,
            started_at: now,
            finished_at: None,
            status: Status::Running,
            source,
            exit_code: None,
            pid_start_time: None,
            boot_id: None,
            cause: None,
        };
        record.done_by(&ProcessMark::own())
    }

    /// The same, done by another process.
    #[must_use]
    pub fn done_by(self, process: &ProcessMark) -> Self {
        Record {
            pid: process.pid,
            pid_start_time: Some(process.start_time),
            boot_id: Some(process.boot_id.clone()),
            ..self
        }
    }

    /// The process, if the record says enough to tell it from any other.
    pub fn process(&self) -> Option<ProcessMark> {
        Some(ProcessMark { pid: self.pid, start_time: self.pid_start_time?, boot_id: self.boot_id.clone()? })
    }

    /// True when it runs, proven by its process.
    pub fn is_running(&self) -> bool {
        self.status == Status::Running && self.process().is_some_and(|process| process.is_alive())
    }

    /// The status a user should see: one that says it runs, and whose process is gone, is abandoned.
    pub fn shown_status(&self) -> Status {
        if self.status == Status::Running && !self.is_running() { Status::Abandoned } else { self.status }
    }

    /// How long it took, or has taken so far, as Go prints it: `1m3s`.
    pub fn duration(&self, now: Timestamp) -> String {
        let end = self.finished_at.unwrap_or(now);
        let milliseconds = end.as_millisecond() - self.started_at.as_millisecond();
        let seconds = (milliseconds.max(0) + 500) / 1000;
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, s) => format!("{s}s"),
            (0, m, s) => format!("{m}m{s}s"),
            (h, m, s) => format!("{h}h{m}m{s}s"),
        }
    }
}

/// A new id.
pub fn new_id(platform: &Platform) -> String {
    let time = u64::try_from(platform.clock.now().as_millisecond()).unwrap_or(0);
    let chance = platform.random.below(36_u64.pow(6));
    base36(time, 8) + &base36(chance, 6)
}

fn base36(mut number: u64, width: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(number % 36).expect("below 36")];
        number /= 36;
    }
    digits.into_iter().map(char::from).collect()
}

/// True when the text may be an id: it becomes a file name.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The log of a build.
pub fn log_path(layout: &Layout, app: &AppName, id: &str) -> PathBuf {
    layout.builds(app).join(format!("{id}.log"))
}

fn record_path(layout: &Layout, app: &AppName, id: &str) -> PathBuf {
    layout.builds(app).join(format!("{id}.json"))
}

/// Writes down that a build began.
///
/// # Errors
/// When the record cannot be written.
pub fn start(layout: &Layout, app: &AppName, record: &Record) -> Outcome {
    write(layout, app, record)
}

fn write(layout: &Layout, app: &AppName, record: &Record) -> Outcome {
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
    record.status = end.status;
    record.exit_code = Some(end.exit_code);
    record.finished_at = Some(now);
    record.cause = end.cause;
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

fn locked(layout: &Layout, app: &AppName) -> Outcome<lock::Lock> {
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

/// How many finished records the app keeps: its own property, else the global one, else [`RETENTION`]. Values that are no number count as none.
///
/// # Errors
/// When the properties cannot be read.
pub fn retention(layout: &Layout, app: &AppName) -> Outcome<usize> {
    for scope in [Scope::from(app), Scope::Global] {
        let text = properties::get(layout, "builds", &scope, "retention")?.unwrap_or_default();
        if let Some(number) = text.parse().ok().filter(|number| *number >= 1) {
            return Ok(number);
        }
    }
    Ok(RETENTION)
}

/// Marks records whose process is gone as failed, then deletes finished ones beyond the retention, with their logs. What runs stays.
///
/// # Errors
/// When a record cannot be read, written or removed.
pub fn prune(layout: &Layout, app: &AppName, now: Timestamp) -> Outcome {
    for record in all(layout, app)?.iter().filter(|record| record.shown_status() == Status::Abandoned) {
        let cause = Some("its process is gone".to_owned());
        let end = End { status: Status::Failed, exit_code: NO_STATUS, cause };
        finish(layout, app, &record.id, end, now)?;
    }
    let _lock = locked(layout, app)?;
    let finished = all(layout, app)?.into_iter().filter(|record| record.status != Status::Running);
    for record in finished.skip(retention(layout, app)?) {
        files::remove(&record_path(layout, app, &record.id))?;
        files::remove(&log_path(layout, app, &record.id))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> (tempfile::TempDir, Layout, AppName) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        (folder, layout, "shop".parse().expect("a name"))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("a time")
    }

    fn begin(layout: &Layout, app: &AppName, id: &str, seconds: i64) -> Record {
        let record = Record::begin(app, id, Source::GitHook, at(seconds));
        start(layout, app, &record).expect("writable");
        record
    }

    #[test]
    fn ids_sort_by_time_and_have_fourteen_characters() {
        assert_eq!(base36(1_700_000_000_000, 8), "loyw3v28");
        assert_eq!(new_id(&Platform::real(crate::platform::docker::Owner::nobody())).len(), 14);
        assert!(is_id(&new_id(&Platform::real(crate::platform::docker::Owner::nobody()))));
        assert!(!is_id("../x") && !is_id(""));
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
    fn a_record_of_dokku_is_read_and_its_process_is_not_trusted() {
        let json = format!(
            r#"{{"id":"x","app":"shop","kind":"build","pid":{},"started_at":"2026-01-02T03:04:05.123456789Z","status":"running","source":"from-the-future"}}"#,
            std::process::id()
        );
        let record: Record = serde_json::from_str(&json).expect("a record");
        assert_eq!(record.source, Source::Unknown);
        assert_eq!(record.shown_status(), Status::Abandoned, "the number alone proves nothing");
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

    #[test]
    fn pruning_keeps_what_runs_and_the_newest_of_the_rest() {
        let (_folder, layout, app) = server();
        properties::set(&layout, "builds", &Scope::from(&app), "retention", "2").expect("writable");
        for number in 0..5 {
            begin(&layout, &app, &format!("done{number}"), number);
            finish(&layout, &app, &format!("done{number}"), End::with(1), at(number)).expect("writable");
            files::write(&log_path(&layout, &app, &format!("done{number}")), b"log", 0o644)
                .expect("writable");
        }
        begin(&layout, &app, "alive", 0);
        let gone = Record { pid_start_time: Some(1), ..begin(&layout, &app, "gone", 9) };
        start(&layout, &app, &gone).expect("writable");
        prune(&layout, &app, at(100)).expect("writable");

        let left: Vec<String> = all(&layout, &app)
            .expect("readable")
            .iter()
            .map(|record| format!("{} {}", record.id, record.shown_status()))
            .collect();
        assert_eq!(left, ["gone failed", "done4 failed", "alive running"]);
        let logs = files::names(&layout.builds(&app)).expect("readable");
        assert_eq!(logs.iter().filter(|name| name.ends_with(".log")).count(), 1);
    }
}
