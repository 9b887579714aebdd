//! How soon a container may be restarted once more: what a restart does not help is not to be restarted all the time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::store::process_ends::{End, Kind};

/// How long between the first two restarts, doubled with each, and at most.
const BETWEEN: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(10), SignedDuration::from_mins(5));

/// What has lasted so long since the last restart begins anew.
const LASTED: SignedDuration = SignedDuration::from_mins(10);

/// How long to wait, by what happened to the app, the newest first. It stands on the volume, so that a server that is
/// started again does not begin anew.
pub fn pause(ends: &[End], process: &str, now: Timestamp) -> Duration {
    let (mut count, mut last, mut newest) = (0_u32, now, None);
    for end in ends.iter().filter(|end| end.kind == Kind::Unhealthy && end.process == process) {
        if last.duration_since(end.at) > LASTED {
            break;
        }
        newest.get_or_insert(end.at);
        (count, last) = (count + 1, end.at);
    }
    let Some(newest) = newest else { return Duration::ZERO };
    let pause = (BETWEEN.0 * 2_i32.pow(count.saturating_sub(1).min(5))).min(BETWEEN.1);
    Duration::try_from((newest + pause).duration_since(now)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::process_ends::id_of;

    fn restarted(second: i64, process: &str) -> End {
        let at = Timestamp::from_second(second).expect("a time");
        let id = id_of(at, "c0ffee");
        let text = format!(
            r#"{{"id":"{id}","kind":"unhealthy","at":"{at}","process":"{process}","container":"c0ffee"}}"#
        );
        serde_json::from_str(&text).expect("a record")
    }

    #[test]
    fn each_restart_that_did_not_help_makes_the_next_one_later() {
        let seconds = |restarts: &[i64], now: i64| {
            let ends: Vec<End> = restarts.iter().map(|second| restarted(*second, "web.1")).collect();
            pause(&ends, "web.1", Timestamp::from_second(now).expect("a time")).as_secs()
        };
        assert_eq!(seconds(&[], 1000), 0);
        assert_eq!(seconds(&[1000], 1000), 10);
        assert_eq!(seconds(&[1000], 1015), 0);
        assert_eq!(seconds(&[1040, 1020, 1000], 1040), 40);
        assert_eq!(seconds(&[5000, 1020, 1000], 5000), 10, "that was another story");
        let many: Vec<i64> = (0..12).map(|number| 9000 - number * 300).collect();
        assert_eq!(seconds(&many, 9000), 300);
        let other = [restarted(1000, "web.2")];
        assert_eq!(pause(&other, "web.1", Timestamp::from_second(1000).expect("a time")), Duration::ZERO);
    }
}
