//! When nginx is reloaded. One reload costs little, but its old workers stay for as long as somebody is connected to them:
//! many in a row fill the memory.

use std::time::Duration;

use tokio::time::Instant;

/// The least time between the end of a reload and the next one under a steady stream of changes.
const APART: Duration = Duration::from_secs(1);

/// How long after a pause is waited for more of the same, and for how long in all.
const TOGETHER: (Duration, Duration) = (Duration::from_millis(15), Duration::from_millis(100));

/// How long nothing more must have come for a reload that is not a second after the last one. No deploy waits longer.
const QUIET: Duration = Duration::from_millis(250);

/// So many reloads may be less than a second apart before it counts as a steady stream.
const BURST: u32 = 2;

/// When the last reloads were.
#[derive(Debug, Default)]
pub struct Pace {
    last: Option<Instant>,
    /// When all reloads so far would have been over, one a second.
    paid_until: Option<Instant>,
}

/// Who waits for a reload.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// When the first came.
    first: Instant,
    /// When the last came.
    last: Instant,
    /// When the first came that belongs to a deploy.
    deploy: Option<Instant>,
}

impl Waiting {
    /// One who came at that time.
    pub fn since(now: Instant, is_deploy: bool) -> Self {
        Waiting { first: now, last: now, deploy: is_deploy.then_some(now) }
    }

    /// One more.
    pub fn add(&mut self, now: Instant, is_deploy: bool) {
        self.last = now;
        self.deploy = self.deploy.or(is_deploy.then_some(now));
    }
}

impl Pace {
    /// When those who wait are served.
    pub fn due(&self, waiting: &Waiting) -> Instant {
        let Some(apart) = self.last.map(|last| last + APART).filter(|apart| *apart > waiting.first) else {
            return (waiting.last + TOGETHER.0).min(waiting.first + TOGETHER.1);
        };
        let is_steady = self.paid_until.is_some_and(|until| until > waiting.last + APART * (BURST - 1));
        let due = if is_steady { apart } else { apart.min(waiting.last + QUIET) };
        waiting.deploy.map_or(due, |deploy| due.min(deploy + QUIET))
    }

    /// nginx has been reloaded.
    pub fn reloaded(&mut self, now: Instant) {
        self.last = Some(now);
        self.paid_until = Some(self.paid_until.map_or(now, |until| until.max(now)) + APART);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    /// The reloads for changes that come at these times, in milliseconds.
    fn reloads(start: Instant, changes: &[u64], is_deploy: bool) -> Vec<u64> {
        let (mut pace, mut reloads) = (Pace::default(), Vec::new());
        let mut waiting: Option<Waiting> = None;
        let mut changes = changes.iter().map(|at| start + ms(*at)).peekable();
        loop {
            let due = waiting.map(|waiting| pace.due(&waiting));
            match (changes.peek().copied(), due) {
                (Some(change), due) if due.is_none_or(|due| change <= due) => {
                    changes.next();
                    match &mut waiting {
                        Some(waiting) => waiting.add(change, is_deploy),
                        None => waiting = Some(Waiting::since(change, is_deploy)),
                    }
                }
                (_, Some(due)) => {
                    pace.reloaded(due);
                    waiting = None;
                    reloads.push(u64::try_from((due - start).as_millis()).expect("small"));
                }
                (Some(_) | None, None) => return reloads,
            }
        }
    }

    #[test]
    fn one_change_waits_for_nobody() {
        let start = Instant::now();
        assert_eq!(reloads(start, &[0, 5000], false), [15, 5015]);
    }

    #[test]
    fn many_within_a_second_are_two() {
        let start = Instant::now();
        let changes: Vec<u64> = (0..20).map(|number| number * 50).collect();
        assert_eq!(reloads(start, &changes, false), [15, 1015]);
    }

    #[test]
    fn a_steady_stream_is_one_a_second() {
        let start = Instant::now();
        let changes: Vec<u64> = (0..100).map(|number| number * 100).collect();
        let reloads = reloads(start, &changes, false);
        assert!(reloads.len() <= 11, "{reloads:?}");
        // One after the other, each waiting for its own: at first quick, then one a second.
        let one_by_one: Vec<u64> = (0..40).map(|number| number * 270).collect();
        let spread = self::reloads(start, &one_by_one, false);
        assert!(spread[1] < 600 && spread.len() <= 14, "{spread:?}");
    }

    #[test]
    fn no_deploy_waits_longer_than_it_may() {
        let start = Instant::now();
        let changes: Vec<u64> = (0..20).map(|number| number * 50).collect();
        let reloads = reloads(start, &changes, true);
        assert!(reloads.windows(2).all(|two| two[1] - two[0] <= 300), "{reloads:?}");
    }
}
