//! When nginx is reloaded. One reload costs little, but its old workers stay for as long as somebody is connected to them:
//! many in a row fill the memory.

use std::time::Duration;

use tokio::time::Instant;

/// The least time between the end of a reload and the next one under a steady stream of changes.
const APART: Duration = Duration::from_secs(1);

/// How long after a pause is waited for more of the same, and for how long in all.
const TOGETHER: (Duration, Duration) = (Duration::from_millis(15), Duration::from_millis(100));

/// How long nothing more must have come for a reload that is not a second after the last one. No deploy waits longer, and
/// one that is the first for a second waits for nobody.
const QUIET: Duration = Duration::from_millis(250);

/// So many reloads may be less than a second apart before it counts as a steady stream.
const BURST: u32 = 2;

/// What each counts for. It is more than a second, so that those of a burst are made up for in the stream that follows.
const COST: Duration = Duration::from_millis(1250);

/// No stream is remembered for longer than this.
const MOST: Duration = Duration::from_secs(3);

/// When the last reloads were.
#[derive(Debug, Default)]
pub struct Pace {
    last: Option<Instant>,
    /// When all reloads so far are made up for.
    paid_until: Option<Instant>,
    /// When the last one was that a deploy waited for.
    of_deploy: Option<Instant>,
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
        waiting.deploy.map_or(due, |deploy| {
            let is_first = self.of_deploy.is_none_or(|last| last + APART <= deploy);
            due.min(deploy + if is_first { TOGETHER.0 } else { QUIET })
        })
    }

    /// nginx has been reloaded for these.
    pub fn reloaded(&mut self, now: Instant, waiting: &Waiting) {
        if waiting.deploy.is_some() {
            self.of_deploy = Some(now);
        }
        self.last = Some(now);
        let paid_until = self.paid_until.map_or(now, |until| until.max(now)) + COST;
        self.paid_until = Some(paid_until.min(now + MOST));
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
                    pace.reloaded(due, &waiting.take().expect("somebody waits"));
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
    fn a_burst_is_made_up_for() {
        // A reload takes so long, and who waited for it wants another soon after.
        for takes in [100, 200, 300, 500] {
            let start = Instant::now();
            let (mut pace, mut ends, mut now) = (Pace::default(), Vec::new(), start);
            while now < start + ms(60_000) {
                let waiting = Waiting::since(now, false);
                ends.push(pace.due(&waiting) + ms(takes));
                now = ends[ends.len() - 1] + ms(60);
                pace.reloaded(now - ms(60), &waiting);
            }
            let within = |first: &Instant| {
                ends.iter().filter(|end| (*first..*first + ms(10_000)).contains(end)).count()
            };
            let most = ends.iter().map(within).max();
            assert!(most <= Some(10), "{most:?} within ten seconds, of {takes} ms each");
        }
    }

    #[test]
    fn a_deploy_need_not_wait_for_the_stream() {
        let start = Instant::now();
        let (mut pace, stream) = (Pace::default(), Waiting::since(start, false));
        (0..6).for_each(|number| pace.reloaded(start + ms(number * 800), &stream));
        let mut waiting = Waiting::since(start + ms(4100), false);
        assert_eq!(pace.due(&waiting), start + ms(5000), "one a second");
        waiting.add(start + ms(4200), true);
        assert_eq!(pace.due(&waiting), start + ms(4215), "at once");
        pace.reloaded(start + ms(4400), &waiting);
        let next = Waiting::since(start + ms(4500), true);
        assert_eq!(pace.due(&next), start + ms(4750), "a stream of deploys is a stream too");
    }

    #[test]
    fn no_deploy_waits_longer_than_it_may() {
        let start = Instant::now();
        let changes: Vec<u64> = (0..20).map(|number| number * 50).collect();
        let reloads = reloads(start, &changes, true);
        assert!(reloads.windows(2).all(|two| two[1] - two[0] <= 300), "{reloads:?}");
    }
}
