//! Runs of tasks by the clock: a record each, with the end of what it wrote, `data/cron/APP/runs/ID.json`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Layout;
use super::builds::is_id;
use crate::model::{AppName, Context, Outcome};
use crate::platform::files;
use crate::platform::process_mark::ProcessMark;

/// How many runs of a task are kept.
pub const KEPT: usize = 20;

/// How many bytes of a run's output are kept: its end, which says how it went.
pub const OUTPUT: usize = 64 * 1024;

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its number: sorts by time.
    pub id: String,
    /// The task.
    pub cron_id: String,
    /// What was run.
    pub command: String,
    /// When the task is due.
    pub schedule: String,
    /// When it began, UTC.
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// The status it ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Nobody stayed with it: how it ended is not known here.
    #[serde(default)]
    pub is_detached: bool,
    /// It was not begun, for the one before went on and the task does not want two.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_skipped: bool,
    /// The process that attends to it, so that a run that was cut off is told from one that goes on.
    pub process: String,
    /// The end of what it wrote, both streams as they came.
    #[serde(default)]
    pub output: String,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It runs.
    Running,
    /// It ended with status 0.
    Succeeded,
    /// It ended with another.
    Failed,
    /// It goes, or went, its own way.
    Detached,
    /// It was not begun, as the one before went on.
    Skipped,
    /// Whoever attended to it is gone.
    Abandoned,
}

impl Status {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Succeeded => "succeeded",
            Status::Failed => "failed",
            Status::Detached => "detached",
            Status::Skipped => "skipped",
            Status::Abandoned => "abandoned",
        }
    }
}

impl Run {
    /// How far it has come.
    pub fn status(&self) -> Status {
        match self.exit_code {
            _ if self.is_skipped => Status::Skipped,
            Some(0) if self.is_detached => Status::Detached,
            Some(0) => Status::Succeeded,
            Some(_) => Status::Failed,
            None if ProcessMark::parse(&self.process).is_some_and(|process| process.is_alive()) => {
                Status::Running
            }
            None => Status::Abandoned,
        }
    }

    /// How many whole seconds it took, or has taken so far.
    pub fn seconds(&self, now: Timestamp) -> i64 {
        (self.finished_at.unwrap_or(now).as_second() - self.started_at.as_second()).max(0)
    }
}

fn path(layout: &Layout, app: &AppName, id: &str) -> PathBuf {
    layout.cron_runs(app).join(format!("{id}.json"))
}

/// Writes a run down, in place of what was written of it before.
///
/// # Errors
/// When it cannot be written.
pub fn save(layout: &Layout, app: &AppName, run: &Run) -> Outcome {
    let text = serde_json::to_string(run).context(|| "cannot write a run of a task")?;
    files::write(&path(layout, app, &run.id), text.as_bytes(), 0o600)
}

/// A run, if there is one of that number.
///
/// # Errors
/// When it is there and cannot be read.
pub fn load(layout: &Layout, app: &AppName, id: &str) -> Outcome<Option<Run>> {
    if !is_id(id) {
        return Ok(None);
    }
    let path = path(layout, app, id);
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).context(|| format!("cannot read {}", path.display()))
}

/// All runs of an app's tasks, the newest first. Files that are no records are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(layout: &Layout, app: &AppName) -> Outcome<Vec<Run>> {
    let names = files::names(&layout.cron_runs(app))?;
    let ids = names.iter().filter_map(|name| name.strip_suffix(".json"));
    let mut runs: Vec<Run> = ids.filter_map(|id| load(layout, app, id).ok().flatten()).collect();
    runs.sort_by(|left, right| (right.started_at, &right.id).cmp(&(left.started_at, &left.id)));
    Ok(runs)
}

/// Forgets the oldest runs of each task beyond those that are kept. What runs stays.
///
/// # Errors
/// When one cannot be removed.
pub fn prune(layout: &Layout, app: &AppName) -> Outcome {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for run in all(layout, app)? {
        let count = counts.entry(run.cron_id.clone()).or_default();
        *count += 1;
        if *count > KEPT && run.status() != Status::Running {
            files::remove(&path(layout, app, &run.id))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(number: i64, cron_id: &str) -> Run {
        Run {
            id: format!("run{number:04}"),
            cron_id: cron_id.to_owned(),
            command: "true".to_owned(),
            schedule: "@daily".to_owned(),
            started_at: Timestamp::from_second(1_700_000_000 + number).expect("a time"),
            finished_at: None,
            exit_code: Some(0),
            is_detached: false,
            is_skipped: false,
            process: String::new(),
            output: String::new(),
        }
    }

    #[test]
    fn the_newest_runs_of_each_task_are_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (layout, app) = (Layout::below(folder.path()), "shop".parse().expect("a name"));
        for number in 0..30 {
            save(&layout, &app, &run(number, "often")).expect("writable");
        }
        save(&layout, &app, &run(0, "seldom")).expect("writable");
        save(&layout, &app, &Run { id: "rare".to_owned(), ..run(-9, "rare") }).expect("writable");
        prune(&layout, &app).expect("removable");
        let left = all(&layout, &app).expect("readable");
        assert_eq!(left[0].id, "run0029");
        assert_eq!(left.iter().filter(|run| run.cron_id == "often").count(), KEPT);
        assert!(left.iter().any(|run| run.cron_id == "rare"));
    }

    #[test]
    fn a_run_is_what_its_process_and_its_status_say() {
        let of = |exit_code, process: String| Run { exit_code, process, ..run(0, "x") }.status();
        assert_eq!(of(None, ProcessMark::own().to_string()), Status::Running);
        assert_eq!(of(None, String::new()), Status::Abandoned);
        assert_eq!(of(Some(3), String::new()), Status::Failed);
        assert_eq!(of(Some(0), String::new()), Status::Succeeded);
    }
}
