//! One record.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{End, Kind, Source, Status, WaitsFor};
use crate::model::AppName;
use crate::platform::process_mark::ProcessMark;

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
    /// What it waits for before it goes on. Not a key of Dokku's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<WaitsFor>,
    /// The reference whose push this is, in full. Not a key of Dokku's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// By how many bytes the engine's disk use grew. Not a key of Dokku's; growth too small to matter is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_growth: Option<u64>,
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
            waits_for: None,
            reference: None,
            disk_growth: None,
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

    /// Makes it final.
    pub fn end(&mut self, end: End, now: Timestamp) {
        self.status = end.status;
        self.exit_code = Some(end.exit_code);
        self.finished_at = Some(now);
        self.cause = end.cause;
        self.waits_for = None;
    }

    /// The process, if the record says enough to tell it from any other.
    pub fn process(&self) -> Option<ProcessMark> {
        Some(ProcessMark { pid: self.pid, start_time: self.pid_start_time?, boot_id: self.boot_id.clone()? })
    }

    /// True when it runs, proven by its process.
    pub fn is_running(&self) -> bool {
        self.status == Status::Running && self.process().is_some_and(|process| process.is_alive())
    }

    /// True when it stands in line: it has done nothing yet, or has only read the code.
    pub fn is_waiting(&self) -> bool {
        self.waits_for.is_some() && self.is_running()
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
