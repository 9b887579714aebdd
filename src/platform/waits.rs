//! What this process waits for: others' time, which is no work of ours. `deploy step: …` of `--trace` says
//! how much of a deploy was whose, and the benchmark reads it there.
//!
//! A stopwatch for the whole process, as its processor time is. Two things waited for at once count once,
//! for the one that began first; our own work meanwhile is hidden behind them. Beginning and ending a wait
//! costs two looks at the clock, which is nothing beside any wait; nothing is written unless `--trace` asks.

use std::fmt;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Whom is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The engine's answer to anything but a build.
    Engine,
    /// The engine building.
    Build,
    /// An app becoming ready.
    Check,
    /// nginx taking a configuration, with what `dokku serve` does for it.
    Proxy,
    /// Whoever sends to our standard input.
    Client,
    /// Another deploy of the app that is before us.
    Turn,
}

impl Wait {
    const ALL: [Wait; 6] = [Wait::Engine, Wait::Build, Wait::Check, Wait::Proxy, Wait::Client, Wait::Turn];

    fn name(self) -> &'static str {
        match self {
            Wait::Engine => "engine",
            Wait::Build => "build",
            Wait::Check => "checks",
            Wait::Proxy => "proxy",
            Wait::Client => "client",
            Wait::Turn => "turn",
        }
    }
}

/// Begins to count, if nothing has: the first thing a process does.
pub fn start() {
    let mut watch = lock();
    watch.start.get_or_insert_with(Instant::now);
}

/// The future's value; until it is there, we wait.
pub async fn during<F: Future>(whom: Wait, future: F) -> F::Output {
    let _waiting = begin(whom);
    future.await
}

/// Waits until the value is dropped.
#[must_use]
pub fn begin(whom: Wait) -> Waiting {
    let mut watch = lock();
    if watch.waiting == 0 {
        watch.outer = Some((whom, Instant::now()));
    }
    watch.waiting += 1;
    Waiting(())
}

/// How the time of this process was spent until now.
pub fn spent() -> Spent {
    let watch = lock();
    let now = Instant::now();
    let mut waits = watch.waits;
    if let Some((whom, since)) = watch.outer {
        waits[whom as usize] += now - since;
    }
    Spent { total: watch.start.map_or(Duration::ZERO, |start| now - start), waits }
}

/// A wait that goes on.
#[derive(Debug)]
pub struct Waiting(());

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut watch = lock();
        watch.waiting -= 1;
        if watch.waiting == 0
            && let Some((whom, since)) = watch.outer.take()
        {
            watch.waits[whom as usize] += since.elapsed();
        }
    }
}

/// The time of a process, divided. Prints as `812 ms: engine 210, build 400, own 202`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    total: Duration,
    waits: [Duration; Wait::ALL.len()],
}

impl Spent {
    /// What nobody was waited for in.
    pub fn own(&self) -> Duration {
        self.total.saturating_sub(self.waits.iter().sum())
    }
}

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ms: ", self.total.as_millis())?;
        for whom in Wait::ALL {
            let waited = self.waits[whom as usize];
            if !waited.is_zero() {
                write!(f, "{} {}, ", whom.name(), waited.as_millis())?;
            }
        }
        write!(f, "own {}", self.own().as_millis())
    }
}

#[derive(Default)]
struct Stopwatch {
    start: Option<Instant>,
    waiting: usize,
    outer: Option<(Wait, Instant)>,
    waits: [Duration; Wait::ALL.len()],
}

static STOPWATCH: Mutex<Stopwatch> =
    Mutex::new(Stopwatch { start: None, waiting: 0, outer: None, waits: [Duration::ZERO; Wait::ALL.len()] });

fn lock() -> MutexGuard<'static, Stopwatch> {
    STOPWATCH.lock().expect("no holder panics")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_told_by_whom_and_the_rest_is_ours() {
        let mut waits = [Duration::ZERO; Wait::ALL.len()];
        waits[Wait::Engine as usize] = Duration::from_millis(210);
        waits[Wait::Build as usize] = Duration::from_millis(400);
        let spent = Spent { total: Duration::from_millis(812), waits };
        assert_eq!(spent.to_string(), "812 ms: engine 210, build 400, own 202");
    }

    /// The only test that waits: the stopwatch is the process's own. Others may wait beside it, which never
    /// makes less of it.
    #[test]
    fn two_waits_at_once_count_once() {
        start();
        let before = spent();
        let outer = begin(Wait::Client);
        let inner = begin(Wait::Turn);
        drop(inner);
        drop(outer);
        let after = spent();
        let more = |spent: Spent| spent.waits.iter().sum::<Duration>();
        assert!(more(after) > more(before));
        assert!(more(after) - more(before) <= after.total - before.total);
    }
}
