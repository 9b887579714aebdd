//! How processes of apps ended between deploys: a record each, with the last lines of what it wrote,
//! `data/ps/APP/history/ID.json`. A record is one file, written as a whole: a kill loses none of the others.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Layout;
use super::builds::is_id;
use crate::model::{AppName, Context, Outcome};
use crate::platform::docker::Container;
use crate::platform::{files, signals};

/// How many records of an app are kept.
pub const KEPT: usize = 100;

/// How many lines of a container's output are kept with its end.
pub const LINES: usize = 20;

/// How many bytes these lines take at most.
pub const OUTPUT: usize = 4096;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The container ended. Whether the engine starts it again is its restart policy's to say.
    Ended,
    /// The kernel killed a process in the container for want of memory, and the container lived on.
    OutOfMemory,
    /// The engine had given up starting the container again; the app was rebuilt.
    Rebuilt,
    /// The same, but the rebuild failed.
    RebuildFailed,
    /// A liveness check of the app failed, and the server restarted the container. Written down before it does.
    Unhealthy,
}

impl Kind {
    /// Its words.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Ended => "ended",
            Kind::OutOfMemory => "out of memory",
            Kind::Rebuilt => "rebuilt",
            Kind::RebuildFailed => "rebuild failed",
            Kind::Unhealthy => "restarted",
        }
    }

    /// True for what the server itself has done about it.
    pub fn is_rebuild(self) -> bool {
        matches!(self, Kind::Rebuilt | Kind::RebuildFailed)
    }
}

/// One thing that happened to an app's processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Sorts by time; the same event always gets the same one.
    pub id: String,
    /// What happened.
    pub kind: Kind,
    /// When, UTC.
    pub at: Timestamp,
    /// Whose place it was, `web.1`.
    pub process: String,
    /// The container's id.
    pub container: String,
    /// When it had been started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// The status it ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// The kernel killed it for want of memory.
    #[serde(default)]
    pub is_out_of_memory: bool,
    /// The signal that somebody had sent it through the engine, `TERM`: `docker stop`, `docker kill`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<String>,
    /// How often the engine had started it again before.
    #[serde(default)]
    pub restarts: i64,
    /// When the engine starts it again, `on-failure:10`.
    #[serde(default)]
    pub restart_policy: String,
    /// The deploy that made it.
    #[serde(default)]
    pub deploy: String,
    /// Why the server did it, where it did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The last lines of what it wrote, both streams as they came.
    #[serde(default)]
    pub output: String,
}

impl End {
    /// What happened to that container in that place, of which nothing more is known yet.
    pub fn new(kind: Kind, at: Timestamp, process: String, container: &str) -> Self {
        End {
            id: id_of(at, container),
            kind,
            at,
            process,
            container: container.to_owned(),
            started_at: None,
            exit_code: None,
            is_out_of_memory: false,
            signal: None,
            restarts: 0,
            restart_policy: String::new(),
            deploy: String::new(),
            reason: String::new(),
            output: String::new(),
        }
    }

    /// With what the engine knows of the container. It may have started it again by now.
    pub fn of(self, container: &Container) -> Self {
        End {
            started_at: container.state.started_at.filter(|begun| *begun < self.at),
            restarts: container.restart_count,
            restart_policy: container.host_config.restart_policy.to_string(),
            deploy: container.label("com.dokku.deploy-id").unwrap_or_default().to_owned(),
            ..self
        }
    }

    /// Why, as far as it can be told.
    pub fn cause(&self) -> String {
        match (self.kind, self.exit_code) {
            (Kind::OutOfMemory, _) => "the kernel killed a process in it for want of memory".to_owned(),
            (Kind::Rebuilt | Kind::RebuildFailed, _) => "the restart limit was used up".to_owned(),
            (Kind::Unhealthy, _) => self.reason.clone(),
            (Kind::Ended, _) if self.is_out_of_memory => "killed by the kernel for want of memory".to_owned(),
            (Kind::Ended, code) => match (&self.signal, code) {
                (Some(signal), _) => format!("SIG{signal} was sent through the engine"),
                (None, Some(0)) => "it ended by itself".to_owned(),
                (None, Some(code)) => match signal_of(code) {
                    Some(signal) => format!("it was ended by {signal}"),
                    None => format!("it ended by itself with status {code}"),
                },
                (None, None) => String::new(),
            },
        }
    }

    /// How many whole seconds it had run.
    pub fn seconds(&self) -> Option<i64> {
        self.started_at.map(|begun| (self.at.as_second() - begun.as_second()).max(0))
    }
}

/// The signal behind an exit status above 128.
fn signal_of(code: i64) -> Option<String> {
    let number = i32::try_from(code.checked_sub(128)?).ok().filter(|number| *number > 0)?;
    signals::name(number).map(|name| format!("SIG{name}"))
}

fn folder(layout: &Layout, app: &AppName) -> PathBuf {
    layout.app_data("ps", app).join("history")
}

fn path(layout: &Layout, app: &AppName, id: &str) -> PathBuf {
    folder(layout, app).join(format!("{id}.json"))
}

/// The number of what happened to a container at that time: told twice, it is written once.
pub fn id_of(at: Timestamp, container: &str) -> String {
    format!("{:013}-{}", at.as_millisecond().max(0), container.get(..8).unwrap_or(container))
}

/// Writes one down, and forgets the oldest beyond those that are kept.
///
/// # Errors
/// When it cannot be written, or an old one not be removed.
pub fn note(layout: &Layout, app: &AppName, end: &End) -> Outcome {
    let text = serde_json::to_string(end).context(|| "cannot write down how a process ended")?;
    files::write(&path(layout, app, &end.id), text.as_bytes(), 0o600)?;
    let mut ids = ids(layout, app)?;
    ids.sort_unstable();
    let surplus = ids.len().saturating_sub(KEPT);
    for id in &ids[..surplus] {
        files::remove(&path(layout, app, id))?;
    }
    Ok(())
}

/// One, if there is one of that number.
///
/// # Errors
/// When it is there and cannot be read.
pub fn load(layout: &Layout, app: &AppName, id: &str) -> Outcome<Option<End>> {
    if !is_id(id) {
        return Ok(None);
    }
    let path = path(layout, app, id);
    let Some(bytes) = files::read(&path)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).context(|| format!("cannot read {}", path.display()))
}

/// All that are kept, the newest first. Files that are no records are left out.
///
/// # Errors
/// When the folder cannot be read.
pub fn all(layout: &Layout, app: &AppName) -> Outcome<Vec<End>> {
    let ids = ids(layout, app)?;
    let mut ends: Vec<End> = ids.iter().filter_map(|id| load(layout, app, id).ok().flatten()).collect();
    ends.sort_by(|left, right| right.id.cmp(&left.id));
    Ok(ends)
}

/// The restart of this container that was written down and whose end is not known yet.
///
/// # Errors
/// When the folder cannot be read.
pub fn restarting(layout: &Layout, app: &AppName, container: &str) -> Outcome<Option<End>> {
    let newest = all(layout, app)?.into_iter().find(|end| end.container == container);
    Ok(newest.filter(|end| end.kind == Kind::Unhealthy && end.exit_code.is_none()))
}

fn ids(layout: &Layout, app: &AppName) -> Outcome<Vec<String>> {
    let names = files::names(&folder(layout, app))?;
    Ok(names.iter().filter_map(|name| name.strip_suffix(".json")).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(second: i64) -> End {
        let at = Timestamp::from_second(1_700_000_000 + second).expect("a time");
        End {
            id: id_of(at, "c0ffee00c0ffee00"),
            kind: Kind::Ended,
            at,
            process: "web.1".to_owned(),
            container: "c0ffee00c0ffee00".to_owned(),
            started_at: Some(Timestamp::from_second(1_700_000_000).expect("a time")),
            exit_code: Some(1),
            is_out_of_memory: false,
            signal: None,
            restarts: 0,
            restart_policy: "on-failure:10".to_owned(),
            deploy: String::new(),
            reason: String::new(),
            output: String::new(),
        }
    }

    #[test]
    fn the_newest_are_kept_and_what_is_told_twice_counts_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (layout, app) = (Layout::below(folder.path()), "shop".parse().expect("a name"));
        for second in (0..i64::try_from(KEPT).expect("small") + 7).chain([50, 60]) {
            note(&layout, &app, &end(second)).expect("writable");
        }
        let left = all(&layout, &app).expect("readable");
        assert_eq!(left.len(), KEPT);
        assert_eq!(left[0].at.as_second(), 1_700_000_000 + 106);
        assert_eq!(left[KEPT - 1].at.as_second(), 1_700_000_000 + 7);
        assert_eq!(load(&layout, &app, "../../x").expect("refused"), None);
    }

    #[test]
    fn a_cause_is_told_in_words() {
        let of = |exit_code, is_out_of_memory, signal: Option<&str>| {
            let signal = signal.map(str::to_owned);
            End { exit_code: Some(exit_code), is_out_of_memory, signal, ..end(3) }.cause()
        };
        assert_eq!(of(1, false, None), "it ended by itself with status 1");
        assert_eq!(of(0, false, None), "it ended by itself");
        assert_eq!(of(139, false, None), "it was ended by SIGSEGV");
        assert_eq!(of(137, true, None), "killed by the kernel for want of memory");
        assert_eq!(of(137, false, Some("KILL")), "SIGKILL was sent through the engine");
        assert_eq!(of(255, false, None), "it ended by itself with status 255");
        assert_eq!(end(3).seconds(), Some(3));
    }
}
