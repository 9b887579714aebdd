//! How containers end is written down, so that an outage can be explained; and what is to be done about it is passed on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tracing::{info, warn};

use super::heard::Ended;
use super::rebuilds::GivenUp;
use crate::deploy;
use crate::model::{AppName, Outcome};
use crate::platform::docker::{Container, Docker, Logs};
use crate::platform::{files, lock};
use crate::server::upkeep::Commands;
use crate::store::process_ends::{self, End, Kind, LINES, OUTPUT};
use crate::store::processes::{self, Running};
use crate::store::{Layout, apps, properties};

/// How long after the kernel has killed a process its container may take to end; else it lives on.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(2);

/// A container that lives on while its processes are killed is written down so often.
const OUT_OF_MEMORY_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// The end of a container, and the signal it was sent before.
#[derive(Debug)]
pub enum Told {
    /// It ended.
    Ended(Ended, Option<String>),
    /// The kernel killed a process in it.
    OutOfMemory(Ended),
}

/// Writes down, and passes on. One after the other: a record is a file, and a file is quick.
pub struct Ends<C> {
    docker: Arc<dyn Docker>,
    layout: Layout,
    commands: Arc<C>,
    given_up: mpsc::UnboundedSender<GivenUp>,
    /// Containers in which a process was killed a moment ago, and until when theirs may be the same end.
    out_of_memory: BTreeMap<String, (Ended, Instant)>,
    /// Apps that are asked already whether they return to the release before; true for those of which something ended
    /// since.
    returning: Arc<Mutex<BTreeMap<AppName, bool>>>,
}

impl<C: Commands> Ends<C> {
    /// Has heard of no end.
    pub fn new(
        docker: Arc<dyn Docker>,
        layout: Layout,
        commands: Arc<C>,
        given_up: mpsc::UnboundedSender<GivenUp>,
    ) -> Self {
        let (out_of_memory, returning) = (BTreeMap::new(), Arc::default());
        Ends { docker, layout, commands, given_up, out_of_memory, returning }
    }

    /// Takes note of what it is told, for as long as somebody may tell.
    pub async fn work(mut self, mut told: mpsc::UnboundedReceiver<Told>) {
        loop {
            let due = self.out_of_memory.values().map(|(_, until)| *until).min();
            let pause = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let outcome = tokio::select! {
                told = told.recv() => match told {
                    Some(Told::Ended(ended, signal)) => self.ended(&ended, signal).await,
                    Some(Told::OutOfMemory(ended)) => {
                        self.out_of_memory.insert(ended.id.clone(), (ended, Instant::now() + FOLLOWS_WITHIN));
                        Ok(())
                    }
                    None => return,
                },
                () = pause => self.lives_on().await,
            };
            if let Err(fault) = outcome {
                warn!("the end of a container is not written down: {fault}");
            }
        }
    }

    async fn ended(&mut self, ended: &Ended, signal: Option<String>) -> Outcome {
        let is_out_of_memory = self.out_of_memory.remove(&ended.id).is_some();
        self.ask_whether_to_return(&ended.app);
        let Some(place) = self.place(ended)? else { return Ok(()) };
        // One that is removed by now has been replaced.
        let Ok(container) = self.docker.inspect_container(&ended.id).await else { return Ok(()) };
        if signal.is_some() && self.is_restart_of_ours(ended).await? {
            return note_time(&self.layout, ended.at);
        }
        if signal.is_some() && self.is_asked_for(&ended.app, &container)? {
            return Ok(());
        }
        let mut end = self.describe(ended, &place, &container, Kind::Ended).await;
        end.is_out_of_memory = is_out_of_memory || (container.state.oom_killed && !container.state.running);
        end.signal = signal;
        end.exit_code = ended.exit_code;
        info!(
            app = ended.app.as_str(),
            process = end.process,
            code = end.exit_code,
            restarts = end.restarts,
            "a container ended: {}",
            end.cause()
        );
        // Told once more after a restart of ours, it is known better from then.
        if process_ends::load(&self.layout, &ended.app, &end.id)?.is_none() {
            process_ends::note(&self.layout, &ended.app, &end)?;
        }
        if is_given_up(&container, ended.exit_code) {
            let (app, process) = (ended.app.clone(), end.process);
            // Nobody listens any more when the server is about to end.
            let _ = self.given_up.send(GivenUp { app, process, container: ended.id.clone() });
        }
        note_time(&self.layout, ended.at)
    }

    /// Writes down where a process was killed, and its container did not end with it.
    async fn lives_on(&mut self) -> Outcome {
        let now = Instant::now();
        let due: Vec<String> = self
            .out_of_memory
            .iter()
            .filter(|(_, (_, until))| *until <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            let Some((mut ended, _)) = self.out_of_memory.remove(&id) else { continue };
            let Some(place) = self.place(&ended)? else { continue };
            let Ok(container) = self.docker.inspect_container(&id).await else { continue };
            let at = ended.at.as_second() - ended.at.as_second().rem_euclid(OUT_OF_MEMORY_EVERY.as_secs());
            ended.at = Timestamp::from_second(at).unwrap_or(ended.at);
            let end = self.describe(&ended, &place, &container, Kind::OutOfMemory).await;
            info!(app = ended.app.as_str(), process = end.process, "{}", end.cause());
            process_ends::note(&self.layout, &ended.app, &End { is_out_of_memory: true, ..end })?;
        }
        Ok(())
    }

    /// Where in the running release the container stands; nowhere when it is being made, or was replaced.
    fn place(&self, ended: &Ended) -> Outcome<Option<Running>> {
        if !apps::exists(&self.layout, &ended.app) {
            return Ok(None);
        }
        Ok(processes::running(&self.layout, &ended.app)?.into_iter().find(|one| one.id == ended.id))
    }

    /// True when a command of ours has ended it: in a deploy, or by `ps:stop`, which takes the restart policy away first.
    fn is_asked_for(&self, app: &AppName, container: &Container) -> Outcome<bool> {
        let is_kept_down =
            properties::get(&self.layout, "ps", &app.into(), "restore")?.as_deref() == Some("false");
        let is_in_deploy = lock::holder(&self.layout.deploy_queue(app))?.is_some();
        Ok(is_kept_down || is_in_deploy || container.host_config.restart_policy.name == "no")
    }

    /// True for the end of a container that a failed liveness check has it restarted for: what is written down of that
    /// gets what only the end could tell.
    async fn is_restart_of_ours(&self, ended: &Ended) -> Outcome<bool> {
        let Some(mut end) = process_ends::restarting(&self.layout, &ended.app, &ended.id)? else {
            return Ok(false);
        };
        end.exit_code = ended.exit_code;
        end.output = self.last_words(&ended.id, ended.at).await;
        process_ends::note(&self.layout, &ended.app, &end)?;
        Ok(true)
    }

    async fn describe(&self, ended: &Ended, place: &Running, container: &Container, kind: Kind) -> End {
        let end = End::new(kind, ended.at, place.dyno.to_string(), &ended.id).of(container);
        End { output: self.last_words(&ended.id, ended.at).await, ..end }
    }

    /// The last lines that the container wrote before that time.
    async fn last_words(&self, id: &str, before: Timestamp) -> String {
        let tail = u64::try_from(LINES * 2).ok();
        let logs = Logs { tail, timestamps: true, ..Logs::default() };
        let Ok(mut chunks) = self.docker.container_logs(id, &logs).await else { return String::new() };
        let mut text = Vec::new();
        while let Some(Ok(chunk)) = chunks.next().await {
            text.extend_from_slice(&chunk.bytes);
        }
        tail_of(&String::from_utf8_lossy(&text), before)
    }

    /// A release that is still watched may give its place back.
    fn ask_whether_to_return(&self, app: &AppName) {
        let is_watched = deploy::may_be_taken_back(&self.layout, app)
            || lock::holder(&self.layout.deploy_queue(app)).is_ok_and(|holder| holder.is_some());
        if !is_watched || locked(&self.returning).insert(app.clone(), true).is_some() {
            return;
        }
        let (commands, returning, app) =
            (Arc::clone(&self.commands), Arc::clone(&self.returning), app.clone());
        tokio::spawn(async move {
            while is_to_ask(&returning, &app) {
                if let Err(fault) = commands.run(vec!["deploy:give-back".to_owned(), app.to_string()]).await {
                    warn!("{fault}");
                }
            }
        });
    }
}

/// True once for what ended since the last time; then the app is forgotten.
fn is_to_ask(returning: &Mutex<BTreeMap<AppName, bool>>, app: &AppName) -> bool {
    let mut returning = locked(returning);
    let has_more = returning.insert(app.clone(), false) == Some(true);
    if !has_more {
        returning.remove(app);
    }
    has_more
}

fn locked(returning: &Mutex<BTreeMap<AppName, bool>>) -> MutexGuard<'_, BTreeMap<AppName, bool>> {
    returning.lock().unwrap_or_else(PoisonError::into_inner)
}

/// True when the engine will not start the container again, for it has done so as often as it may. One without a limit is
/// started for ever, and one that ended well is done.
fn is_given_up(container: &Container, exit_code: Option<i64>) -> bool {
    let rule = &container.host_config.restart_policy;
    rule.name == "on-failure"
        && rule.maximum_retry_count > 0
        && container.restart_count >= rule.maximum_retry_count
        && exit_code != Some(0)
        && !container.state.running
}

/// The last lines that were written by that time, without the time in front of each.
fn tail_of(text: &str, before: Timestamp) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        match line.split_once(' ') {
            Some((time, rest)) => match time.parse::<Timestamp>() {
                Ok(time) if time > before => {}
                Ok(_) => lines.push(rest),
                Err(_) => lines.push(line),
            },
            None => lines.push(line),
        }
    }
    let mut length = 0;
    let from = lines.iter().rev().take(LINES).take_while(|line| {
        length += line.len() + 1;
        length <= OUTPUT
    });
    let count = from.count();
    match (count, lines.last()) {
        // Its last line alone is too long: the start of it says what it is.
        (0, Some(last)) => last.chars().take(OUTPUT / 4).chain(['\n']).collect(),
        _ => lines[lines.len() - count..].iter().flat_map(|line| [*line, "\n"]).collect(),
    }
}

/// Up to when all ends are written down, so that whoever listens next asks from there: seconds of the epoch.
fn note_time(layout: &Layout, at: Timestamp) -> Outcome {
    files::write(&layout.heard_until(), format!("{}\n", at.as_second()).as_bytes(), 0o644)
}

/// What was written down last.
pub fn heard_until(layout: &Layout) -> Option<i64> {
    files::read_text(&layout.heard_until()).ok()??.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_those_before_the_end() {
        let end: Timestamp = "2026-01-02T03:04:05Z".parse().expect("a time");
        let text = "2026-01-02T03:04:04.1Z cannot bind\n2026-01-02T03:04:05Z \n2026-01-02T03:04:06.5Z begins again\n";
        assert_eq!(tail_of(text, end), "cannot bind\n\n");
        let many: String = (0..50).map(|number| format!("2026-01-02T03:04:04Z line {number}\n")).collect();
        let kept = tail_of(&many, end);
        assert_eq!((kept.lines().count(), kept.lines().next()), (LINES, Some("line 30")));
        let long = format!("2026-01-02T03:04:04Z {}\n", "x".repeat(10_000));
        assert_eq!(tail_of(&long, end).len(), OUTPUT / 4 + 1);
        assert_eq!(tail_of("", end), "");
        assert_eq!(tail_of("no time here\n", end), "no time here\n");
    }

    #[test]
    fn only_a_limit_that_is_used_up_is_given_up() {
        let with = |name: &str, most, restarts, is_running| {
            let mut container = Container { restart_count: restarts, ..Container::default() };
            container.host_config.restart_policy.name = name.to_owned();
            container.host_config.restart_policy.maximum_retry_count = most;
            container.state.running = is_running;
            is_given_up(&container, Some(1))
        };
        assert!(with("on-failure", 3, 3, false));
        assert!(!with("on-failure", 3, 2, false) && !with("on-failure", 0, 9, false));
        assert!(!with("always", 0, 0, false) && !with("no", 0, 0, false) && !with("on-failure", 3, 3, true));
    }
}
