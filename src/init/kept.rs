//! When a program that ended is started again.

use std::time::{Duration, Instant};

/// The longest pause before a new start.
const LONGEST: Duration = Duration::from_secs(30);

/// A program that ran this long is well: its next end is answered at once again.
const WELL_AFTER: Duration = Duration::from_secs(10);

/// Whether a kept program runs, and when it is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs, as this process, since.
    Running(i32, Instant),
    /// It is to be started at this moment.
    Due(Instant),
}

/// One kept program.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Whether it runs.
    pub state: State,
    /// The pause before the start after next.
    pause: Duration,
}

impl Kept {
    /// To be started at this moment.
    pub fn due(moment: Instant) -> Self {
        Kept { state: State::Due(moment), pause: Duration::ZERO }
    }

    /// True when it is to be started now.
    pub fn is_due(&self, now: Instant) -> bool {
        matches!(self.state, State::Due(moment) if moment <= now)
    }

    /// It was started, as this process.
    pub fn started(&mut self, pid: i32, now: Instant) {
        self.state = State::Running(pid, now);
    }

    /// It ended or could not be started: the first time it is started anew at once, then after 1, 2, 4 … seconds.
    pub fn ended(&mut self, now: Instant) {
        if let State::Running(_, since) = self.state
            && now.duration_since(since) >= WELL_AFTER
        {
            self.pause = Duration::ZERO;
        }
        self.state = State::Due(now + self.pause);
        self.pause =
            if self.pause.is_zero() { Duration::from_secs(1) } else { (self.pause * 2).min(LONGEST) };
    }

    /// How long until it is to be started; `None` while it runs.
    pub fn due_in(&self, now: Instant) -> Option<Duration> {
        match self.state {
            State::Running(..) => None,
            State::Due(moment) => Some(moment.saturating_duration_since(now)),
        }
    }

    /// Its process, while it runs.
    pub fn pid(&self) -> Option<i32> {
        match self.state {
            State::Running(pid, _) => Some(pid),
            State::Due(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_new_start_is_at_once_and_then_pauses_grow() {
        let now = Instant::now();
        let mut kept = Kept::due(now);
        let pauses: Vec<u64> = (0..8)
            .map(|_| {
                kept.started(7, now);
                kept.ended(now);
                match kept.state {
                    State::Due(moment) => moment.duration_since(now).as_secs(),
                    State::Running(..) => u64::MAX,
                }
            })
            .collect();
        assert_eq!(pauses, [0, 1, 2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn who_ran_well_is_started_at_once_again() {
        let now = Instant::now();
        let mut kept = Kept::due(now);
        for _ in 0..5 {
            kept.started(7, now);
            kept.ended(now);
        }
        kept.started(7, now);
        let later = now + WELL_AFTER;
        kept.ended(later);
        assert!(kept.is_due(later));
    }
}
