//! Which jobs are due, minute by minute. How far we have come is written down, so that neither a restart nor a clock that
//! is put back runs anything twice.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::jobs::{Job, Jobs};
use super::line::{Line, Lines};
use crate::model::Outcome;
use crate::platform::clock::Clock;
use crate::platform::files;
use crate::store::Layout;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// What is so little late runs all the same: a restart of the server, or a machine that had no time.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// How far back a missed run is looked for.
const MISSED: SignedDuration = SignedDuration::from_hours(24);

/// A clock that is put back further than this is believed; until then nothing runs a second time.
const BACK: SignedDuration = SignedDuration::from_hours(3);

/// Keeps track of time.
#[derive(Debug)]
pub struct Ticker {
    layout: Layout,
    user: String,
    /// The last minute that was looked at.
    last: Option<Timestamp>,
    is_start: bool,
    told: BTreeSet<String>,
}

/// Runs what is due, for as long as we serve.
pub async fn run(mut ticker: Ticker, clock: Arc<dyn Clock>, lines: Arc<impl Lines>) {
    loop {
        match ticker.due(clock.now()) {
            Ok(due) => {
                for line in due {
                    let lines = Arc::clone(&lines);
                    tokio::spawn(async move { lines.run(line).await });
                }
            }
            Err(fault) => warn!("nothing runs by the clock: {fault}"),
        }
        tokio::time::sleep(until_next_minute(clock.now())).await;
    }
}

fn until_next_minute(now: Timestamp) -> Duration {
    let passed = now.as_millisecond().rem_euclid(60_000);
    Duration::from_millis(u64::try_from(60_000 - passed).unwrap_or(60_000))
}

impl Ticker {
    /// Goes on where the last one stopped, in this container or on this volume.
    pub fn new(layout: Layout, user: &str) -> Self {
        let here = last(&Self::mark(&layout));
        let last = here.max(last(&layout.clock()));
        Ticker { layout, user: user.to_owned(), last, is_start: here.is_none(), told: BTreeSet::new() }
    }

    /// In the container's own file system: a container that starts anew has none, or an old one.
    fn mark(layout: &Layout) -> PathBuf {
        layout.run.join("clock")
    }

    /// What is due at that time and has not been run.
    ///
    /// # Errors
    /// When a crontab cannot be read, or how far we are cannot be written: what ran could else run again.
    pub fn due(&mut self, now: Timestamp) -> Outcome<Vec<Line>> {
        let minute = now - SignedDuration::from_millis(now.as_millisecond().rem_euclid(60_000));
        let minute = Timestamp::from_second(minute.as_second()).unwrap_or(minute);
        let last = self.last.filter(|last| last.duration_since(minute) < BACK);
        if last.is_some_and(|last| last >= minute) {
            return Ok(Vec::new());
        }
        let jobs = self.read()?;
        let is_start = std::mem::take(&mut self.is_start);
        let due: Vec<&Job> = jobs
            .iter()
            .filter(|job| {
                // Where nothing is known of before, this minute may have been another container's.
                let from = last.unwrap_or(minute) + MINUTE;
                let back = if job.catches_up { MISSED } else { LATE };
                is_due_since(job, from.max(minute - back), minute) || (job.is_at_start && is_start)
            })
            .collect();
        for job in &due {
            if !job.is_due(minute) && !job.is_at_start {
                info!(command = job.line.command, "a run that was missed is made up for");
            }
        }
        // Before anything runs: rather is a run lost to a crash in this moment than done twice.
        self.note(minute, jobs.iter().any(|job| job.catches_up))?;
        Ok(due.into_iter().map(|job| job.line.clone()).collect())
    }

    fn read(&mut self) -> Outcome<Vec<Job>> {
        let Jobs { all, faults } = Jobs::read(&self.layout, &self.user)?;
        let faults: BTreeSet<String> = faults.into_iter().collect();
        // Said once, not at each minute.
        for fault in faults.difference(&self.told) {
            warn!("this does not run by the clock: {fault}");
        }
        self.told = faults;
        Ok(all)
    }

    fn note(&mut self, minute: Timestamp, outlives_container: bool) -> Outcome {
        self.last = Some(minute);
        let text = format!("{minute}\n");
        files::write_as_root(&Self::mark(&self.layout), text.as_bytes(), 0o644)?;
        if outlives_container {
            return files::write(&self.layout.clock(), text.as_bytes(), 0o644);
        }
        // What is made up for later on was not missed before.
        files::remove(&self.layout.clock()).map(drop)
    }
}

fn last(path: &std::path::Path) -> Option<Timestamp> {
    files::read_text(path).ok().flatten()?.trim().parse().ok()
}

fn is_due_since(job: &Job, from: Timestamp, to: Timestamp) -> bool {
    let mut minute = from;
    while minute <= to {
        if job.is_due(minute) {
            return true;
        }
        minute += MINUTE;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        _folder: tempfile::TempDir,
        layout: Layout,
    }

    impl Place {
        fn with(crontab: &str) -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let layout = Layout::below(folder.path());
            let place = Place { _folder: folder, layout };
            place.write(crontab);
            place
        }

        fn write(&self, crontab: &str) {
            files::write(&self.layout.crontab(), crontab.as_bytes(), 0o600).expect("writable");
        }

        fn ticker(&self) -> Ticker {
            Ticker::new(self.layout.clone(), "dokku")
        }
    }

    fn due(ticker: &mut Ticker, time: &str) -> Vec<String> {
        let now = format!("2026-01-02T{time}Z").parse().expect("a time");
        ticker.due(now).expect("readable").into_iter().map(|line| line.command).collect()
    }

    #[test]
    fn a_line_runs_once_in_its_minute() {
        let place = Place::with("TZ=UTC 4 3 * * * at-four\nTZ=UTC * * * * * always\nnonsense\n");
        let mut ticker = place.ticker();
        assert!(due(&mut ticker, "03:03:10").is_empty(), "the first minute of all is half over");
        assert_eq!(due(&mut ticker, "03:04:00"), ["at-four", "always"]);
        assert!(due(&mut ticker, "03:04:59").is_empty());
        assert!(due(&mut place.ticker(), "03:04:59").is_empty(), "a restart knows what ran");
        place.write("TZ=UTC * * * * * changed\n");
        assert_eq!(due(&mut ticker, "03:05:00"), ["changed"]);
    }

    #[test]
    fn who_comes_a_little_late_runs_what_is_due_once() {
        let place = Place::with("TZ=UTC 4 3 * * * at-four\nTZ=UTC * * * * * always\n");
        let mut ticker = place.ticker();
        due(&mut ticker, "03:03:00");
        assert_eq!(due(&mut ticker, "03:07:30"), ["at-four", "always"]);
        assert_eq!(due(&mut ticker, "02:50:00"), [""; 0], "a clock that was put back runs nothing again");
        assert_eq!(due(&mut ticker, "03:08:00"), ["always"]);
    }

    #[test]
    fn what_was_missed_is_made_up_for_where_that_is_wanted() {
        let place = Place::with(
            "TZ=UTC 0 4 * * * lost\nDOKKU_CRON_CATCH_UP=true\nTZ=UTC 0 4 * * * wanted\nTZ=UTC 0 9 * * * not-yet\n",
        );
        due(&mut place.ticker(), "03:00:00");
        // Another container on the same volume.
        files::remove(&place.layout.run.join("clock")).expect("removable");
        let mut ticker = place.ticker();
        assert_eq!(due(&mut ticker, "08:00:00"), ["wanted"]);
        assert!(due(&mut ticker, "08:01:00").is_empty());
        assert_eq!(due(&mut ticker, "09:00:00"), ["not-yet"]);
    }

    #[test]
    fn what_is_wanted_at_the_start_runs_once_in_a_container() {
        let place = Place::with("@reboot hello\n");
        let mut ticker = place.ticker();
        assert_eq!(due(&mut ticker, "03:00:00"), ["hello"]);
        assert!(due(&mut ticker, "03:01:00").is_empty());
        assert!(due(&mut place.ticker(), "03:02:00").is_empty());
    }

    #[test]
    fn plugins_lines_run_as_the_user_they_name() {
        let place = Place::with("");
        let folder = place.layout.system_crontabs();
        let line = "TZ=UTC * * * * * dokku backup\nTZ=UTC * * * * * somebody else\n";
        files::write(&folder.join("dokku-redis-store"), line.as_bytes(), 0o644).expect("writable");
        files::write(&folder.join("other"), b"TZ=UTC * * * * * dokku foreign\n", 0o644).expect("writable");
        let mut ticker = place.ticker();
        due(&mut ticker, "03:00:00");
        assert_eq!(due(&mut ticker, "03:01:00"), ["backup"]);
        assert!(
            ticker.told.iter().any(|fault| fault.contains("may not run as somebody")),
            "{:?}",
            ticker.told
        );
    }

    #[test]
    fn the_next_minute_is_waited_for() {
        let at = |text: &str| until_next_minute(text.parse().expect("a time")).as_millis();
        assert_eq!(at("2026-01-02T03:04:00Z"), 60_000);
        assert_eq!(at("2026-01-02T03:04:59.900Z"), 100);
    }
}
