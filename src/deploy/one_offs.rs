//! One-off containers that nobody needs any more.

use crate::platform::docker::{ContainerSummary, Filter};

/// The label that says how many seconds such a container may last.
pub const DEADLINE: &str = "com.dokku.active-deadline-seconds";

/// How long one may be made and not started, in seconds: whoever makes one starts it at once, unless it is killed.
const UNBEGUN: i64 = 600;

/// Those that may be past their time: they run, or were not started.
pub fn filter() -> Filter {
    Filter::label(DEADLINE).and("status", "running").and("status", "created")
}

/// True when the container is past its time, or was made by somebody who did not get as far as to start it.
pub fn is_past(one: &ContainerSummary, now: i64) -> bool {
    let Some(seconds) = one.labels.get(DEADLINE).and_then(|text| text.parse::<i64>().ok()) else {
        return false;
    };
    one.created + if one.state == "created" { UNBEGUN } else { seconds } < now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_was_never_started_goes_sooner() {
        let one = |state: &str| ContainerSummary {
            state: state.to_owned(),
            created: 1000,
            labels: [(DEADLINE.to_owned(), "86400".to_owned())].into(),
            ..ContainerSummary::default()
        };
        assert!(!is_past(&one("running"), 87_400) && is_past(&one("running"), 87_401));
        assert!(!is_past(&one("created"), 1600) && is_past(&one("created"), 1601));
        let without = ContainerSummary { labels: Default::default(), ..one("running") };
        assert!(!is_past(&without, i64::MAX));
    }
}
