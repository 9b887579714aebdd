//! What a failed try says about a container, given how the engine describes it. Pure.

use jiff::{SignedDuration, Timestamp};

use crate::deploy::checks::Check;
use crate::model::app_json::Probe;
use crate::platform::docker::Container;

/// What is to be thought of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The container is well.
    Passed,
    /// It is not the container's fault, or too early to say.
    Undecided,
    /// The container is not well, and this is why; since when it has been running.
    Failed(String, Option<Timestamp>),
}

/// Judges a failed try. A container that is down is the engine's to start again, as its restart policy says, unless the
/// check is that it runs.
pub fn judge(container: &Container, check: &Check, now: Timestamp, why: String) -> Judged {
    let state = &container.state;
    let begun = state.started_at;
    let age = begun.map_or(SignedDuration::ZERO, |begun| now.duration_since(begun));
    let (is_meant, patience) = match &check.probe {
        Probe::Uptime(time) => (!state.running && !is_given_up(container), check.initial_delay.max(*time)),
        Probe::Command(_) | Probe::Path { .. } | Probe::Listening { .. } => {
            (state.running && !state.restarting, check.initial_delay)
        }
    };
    let is_young = SignedDuration::try_from(patience).is_ok_and(|patience| age < patience);
    if state.paused || is_young || !is_meant {
        return Judged::Undecided;
    }
    Judged::Failed(why, begun)
}

/// True when the engine has started it as often as it may: then the app is rebuilt.
fn is_given_up(container: &Container) -> bool {
    let rule = &container.host_config.restart_policy;
    rule.maximum_retry_count > 0 && container.restart_count >= rule.maximum_retry_count
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    use crate::deploy::checks::{Defaults, lasting};
    use crate::model::{AppJson, ProcessType};
    use crate::store::Layout;

    fn check(fields: &str) -> Check {
        let text = format!(r#"{{"healthchecks": {{"web": [{{"type": "liveness", {fields}}}]}}}}"#);
        let app_json = AppJson::parse(&text).expect("an app.json");
        let defaults = Defaults::of(&Layout::below(Path::new("/nowhere")), &"shop".parse().expect("a name"));
        lasting(&app_json, &ProcessType::web(), &defaults.expect("nothing to read")).remove(0)
    }

    fn container(is_running: bool, begun: &str) -> Container {
        let mut container = Container::default();
        container.state.running = is_running;
        container.state.started_at = Some(begun.parse().expect("a time"));
        container
    }

    fn judged(container: &Container, check: &Check) -> Judged {
        judge(container, check, "2026-01-02T03:05:00Z".parse().expect("a time"), "why".to_owned())
    }

    #[test]
    fn only_what_runs_long_enough_can_fail_to_answer() {
        let check = check(r#""path": "/", "initialDelay": 30"#);
        let old = container(true, "2026-01-02T03:04:00Z");
        assert_eq!(judged(&old, &check), Judged::Failed("why".to_owned(), old.state.started_at));
        assert_eq!(judged(&container(true, "2026-01-02T03:04:31Z"), &check), Judged::Undecided);
        assert_eq!(judged(&container(false, "2026-01-02T03:04:00Z"), &check), Judged::Undecided);
        let mut paused = old;
        paused.state.paused = true;
        assert_eq!(judged(&paused, &check), Judged::Undecided);
    }

    #[test]
    fn an_uptime_check_is_for_what_nobody_else_starts_again() {
        let check = check(r#""uptime": 20"#);
        let mut down = container(false, "2026-01-02T03:04:00Z");
        assert!(matches!(judged(&down, &check), Judged::Failed(..)));
        down.restart_count = 10;
        down.host_config.restart_policy.maximum_retry_count = 10;
        assert_eq!(judged(&down, &check), Judged::Undecided, "the app is rebuilt");
    }
}
