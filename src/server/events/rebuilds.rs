//! What the engine has given up is built anew: one app after the other, and ever more seldom where that does not help.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tracing::{info, warn};

use crate::model::{AppName, Outcome};
use crate::platform::clock::Clock;
use crate::platform::docker::Docker;
use crate::platform::{files, lock};
use crate::server::upkeep::Commands;
use crate::store::process_ends::{self, End, Kind};
use crate::store::{Layout, apps, processes, properties};

/// How long until the first rebuild: whoever stops an app has said so by then.
const FIRST: SignedDuration = SignedDuration::from_secs(2);

/// How long between the first two, doubled with each, and at most.
const BETWEEN: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(1), SignedDuration::from_hours(1));

/// What was rebuilt and has lasted so long begins anew.
const LASTED: SignedDuration = SignedDuration::from_hours(3);

/// How often it is looked whether a deploy is over.
const DEPLOY: Duration = Duration::from_secs(5);

/// A container that the engine does not start again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Its app.
    pub app: AppName,
    /// Its place.
    pub process: String,
    /// Its id.
    pub container: String,
}

/// Those that wait to be rebuilt.
pub struct Rebuilds {
    docker: Arc<dyn Docker>,
    layout: Layout,
    clock: Arc<dyn Clock>,
    told: mpsc::UnboundedReceiver<GivenUp>,
    waiting: Vec<(Instant, GivenUp)>,
}

impl Rebuilds {
    /// None waits yet.
    pub fn new(
        docker: Arc<dyn Docker>,
        layout: Layout,
        clock: Arc<dyn Clock>,
        told: mpsc::UnboundedReceiver<GivenUp>,
    ) -> Self {
        Rebuilds { docker, layout, clock, told, waiting: Vec::new() }
    }

    /// Rebuilds what it is told of, for as long as somebody may tell.
    pub async fn work(mut self, commands: Arc<impl Commands>) {
        loop {
            let due = self.waiting.iter().map(|(due, _)| *due).min();
            let pause = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                told = self.told.recv() => match told {
                    Some(given_up) => self.wait(given_up),
                    None => return,
                },
                () = pause => self.rebuild_due(&commands).await,
            }
        }
    }

    /// One rebuild is for all containers of an app.
    fn wait(&mut self, given_up: GivenUp) {
        if self.waiting.iter().any(|(_, one)| one.app == given_up.app) {
            return;
        }
        let now = self.clock.now();
        let ends = process_ends::all(&self.layout, &given_up.app).unwrap_or_default();
        let seconds = due(&ends, now).duration_since(now).as_secs().max(0);
        info!(
            app = given_up.app.as_str(),
            process = given_up.process,
            seconds,
            "the engine has given up; the app is rebuilt in a while"
        );
        let pause = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
        self.waiting.push((Instant::now() + pause, given_up));
    }

    async fn rebuild_due(&mut self, commands: &Arc<impl Commands>) {
        let now = Instant::now();
        let Some(at) = self.waiting.iter().position(|(due, _)| *due <= now) else { return };
        let (_, given_up) = self.waiting.swap_remove(at);
        if lock::holder(&self.layout.deploy_queue(&given_up.app)).is_ok_and(|holder| holder.is_some()) {
            self.waiting.push((now + DEPLOY, given_up));
            return;
        }
        if !self.is_wanted(&given_up).await.unwrap_or(false) {
            return;
        }
        let app = &given_up.app;
        info!(app = app.as_str(), "the app is rebuilt: the engine had given up {}", given_up.process);
        let outcome = commands.run(vec!["ps:rebuild".to_owned(), app.to_string()]).await;
        let kind = match &outcome {
            Ok(()) => Kind::Rebuilt,
            Err(fault) => {
                warn!("{fault}");
                Kind::RebuildFailed
            }
        };
        if let Err(fault) = process_ends::note(&self.layout, app, &self.record(&given_up, kind, &outcome)) {
            warn!("a rebuild is not written down: {fault}");
        }
        if outcome.is_err() {
            self.wait(given_up);
        }
    }

    /// True when the container still stands for the app, is down, and nobody wants it so.
    async fn is_wanted(&self, given_up: &GivenUp) -> Outcome<bool> {
        let (layout, app) = (&self.layout, &given_up.app);
        let is_theirs = apps::exists(layout, app)
            && processes::running(layout, app)?.iter().any(|one| one.id == given_up.container);
        let is_stopped = properties::get(layout, "ps", &app.into(), "restore")?.as_deref() == Some("false");
        if !is_theirs || is_stopped || files::exists(&layout.deploy_lock(app)) {
            return Ok(false);
        }
        Ok(!self.docker.inspect_container(&given_up.container).await?.state.running)
    }

    fn record(&self, given_up: &GivenUp, kind: Kind, outcome: &Outcome) -> End {
        let end = End::new(kind, self.clock.now(), given_up.process.clone(), &given_up.container);
        End { output: outcome.as_ref().err().map(|fault| format!("{fault}\n")).unwrap_or_default(), ..end }
    }
}

/// When an app may be rebuilt next, by what happened to it, the newest first. It stands on the volume, so that a server
/// that is started again does not begin anew.
fn due(ends: &[End], now: Timestamp) -> Timestamp {
    let (mut count, mut last, mut newest) = (0_u32, now, None);
    for end in ends.iter().filter(|end| end.kind.is_rebuild()) {
        if last.duration_since(end.at) > LASTED {
            break;
        }
        newest.get_or_insert(end.at);
        (count, last) = (count + 1, end.at);
    }
    let soon = now + FIRST;
    match newest {
        None => soon,
        Some(newest) => {
            let pause = BETWEEN.0 * 2_i32.pow(count.saturating_sub(1).min(6));
            soon.max(newest + pause.min(BETWEEN.1))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuilt(minute: i64) -> End {
        let at = Timestamp::from_second(minute * 60).expect("a time");
        let text = format!(
            r#"{{"id":"{}","kind":"rebuilt","at":"{at}","process":"web.1","container":"c0ffee"}}"#,
            process_ends::id_of(at, "c0ffee")
        );
        serde_json::from_str(&text).expect("a record")
    }

    #[test]
    fn each_rebuild_that_did_not_help_makes_the_next_one_later() {
        let minutes = |rebuilds: &[i64], now: i64| {
            let ends: Vec<End> = rebuilds.iter().map(|minute| rebuilt(*minute)).collect();
            let now = Timestamp::from_second(now * 60).expect("a time");
            due(&ends, now).duration_since(now).as_secs()
        };
        assert_eq!(minutes(&[], 1000), 2);
        assert_eq!(minutes(&[1000], 1000), 60);
        assert_eq!(minutes(&[1000], 1030), 2, "it had run for longer");
        assert_eq!(minutes(&[1003, 1002, 1000], 1003), 4 * 60);
        assert_eq!(minutes(&[1300, 1240, 1180, 1120, 1100, 1090, 1080, 1070], 1300), 60 * 60);
        assert_eq!(minutes(&[1003, 500], 1003), 60, "that was another story");
    }
}
