//! What an event of the engine means to us.

use jiff::Timestamp;

use crate::model::AppName;
use crate::platform::docker::{Event, Filter};
use crate::platform::signals;

/// The label of containers that serve.
const SERVES: (&str, &str) = ("com.dokku.container-type", "deploy");

/// Signals that ask a program to do something else than end.
const HARMLESS: [&str; 4] = ["HUP", "USR1", "USR2", "WINCH"];

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A container was started, whoever's it is: it has an address that another had before.
    Started(String, Option<AppName>),
    /// A container of an app ended.
    Ended(Ended),
    /// The kernel killed a process in a container of an app.
    OutOfMemory(Ended),
    /// Somebody sends a container of an app a signal that ends it.
    Signal(String, String),
    /// A container of an app was removed.
    Gone(String, AppName),
    /// A container, whoever's it is, joined or left a network.
    Network(String),
}

/// A container of an app, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its id.
    pub id: String,
    /// Its app.
    pub app: AppName,
    /// When.
    pub at: Timestamp,
    /// With which status; none where it lives on.
    pub exit_code: Option<i64>,
}

/// The events that mean something. Containers of strangers are among them, as they may get an address that routes
/// still lead to.
pub fn filter() -> Filter {
    let kinds = Filter::all().and("type", "container").and("type", "network");
    ["start", "die", "oom", "kill", "destroy", "connect", "disconnect"]
        .into_iter()
        .fold(kinds, |filter, event| filter.and("event", event))
}

impl Heard {
    /// What the event means, if anything. `now` is when it was heard, for engines that do not say when it was.
    pub fn of(event: &Event, now: Timestamp) -> Option<Self> {
        let attributes = &event.actor.attributes;
        let id = event.actor.id.clone();
        if event.kind == "network" {
            return attributes.get("container").filter(|id| !id.is_empty()).cloned().map(Heard::Network);
        }
        let serves = attributes.get(SERVES.0).is_some_and(|kind| kind == SERVES.1);
        let app = attributes.get("com.dokku.app-name").filter(|_| serves);
        let app: Option<AppName> = app.and_then(|app| app.parse().ok());
        if event.action == "start" {
            return Some(Heard::Started(id, app));
        }
        let app = app?;
        let at = Timestamp::from_nanosecond(i128::from(event.time)).ok().filter(|_| event.time > 0);
        let at = at.unwrap_or(now);
        let exit_code = attributes.get("exitCode").and_then(|code| code.parse().ok());
        match event.action.as_str() {
            "die" => Some(Heard::Ended(Ended { id, app, at, exit_code })),
            "oom" => Some(Heard::OutOfMemory(Ended { id, app, at, exit_code: None })),
            "destroy" => Some(Heard::Gone(id, app)),
            "kill" => {
                let number = attributes.get("signal").and_then(|number| number.parse().ok());
                let signal = number.and_then(signals::name).filter(|name| !HARMLESS.contains(name))?;
                Some(Heard::Signal(id, signal.to_owned()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, action: &str, attributes: &[(&str, &str)]) -> Event {
        let mut event = Event { kind: kind.to_owned(), action: action.to_owned(), ..Event::default() };
        event.actor.id = "c0ffee".to_owned();
        event.time = 1_700_000_000_500_000_000;
        for (key, value) in attributes {
            event.actor.attributes.insert((*key).to_owned(), (*value).to_owned());
        }
        event
    }

    fn heard(event: &Event) -> Option<Heard> {
        Heard::of(event, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn ends_count_for_apps_alone_and_starts_for_all() {
        let app = [("com.dokku.app-name", "shop"), ("com.dokku.container-type", "deploy"), ("exitCode", "3")];
        let shop: AppName = "shop".parse().expect("a name");
        let at: Timestamp = "2023-11-14T22:13:20.5Z".parse().expect("a time");
        let ended = Ended { id: "c0ffee".into(), app: shop.clone(), at, exit_code: Some(3) };
        assert_eq!(heard(&event("container", "die", &app)), Some(Heard::Ended(ended)));
        assert_eq!(heard(&event("container", "die", &[("exitCode", "3")])), None);
        assert_eq!(heard(&event("container", "die", &app[..1])), None, "a task, or somebody's `run`");
        assert_eq!(heard(&event("container", "start", &[])), Some(Heard::Started("c0ffee".into(), None)));
        let started = Heard::Started("c0ffee".into(), Some(shop));
        assert_eq!(heard(&event("container", "start", &app)), Some(started));
    }

    #[test]
    fn a_signal_counts_where_it_ends_a_container() {
        let app = [("com.dokku.app-name", "shop"), ("com.dokku.container-type", "deploy")];
        let with = |signal| event("container", "kill", &[app[0], app[1], ("signal", signal)]);
        assert_eq!(heard(&with("15")), Some(Heard::Signal("c0ffee".into(), "TERM".into())));
        assert_eq!(heard(&with("1")), None);
    }

    #[test]
    fn a_network_tells_which_container_it_is_about() {
        let with = |container| event("network", "connect", &[("container", container), ("name", "bridge")]);
        assert_eq!(heard(&with("beef")), Some(Heard::Network("beef".into())));
        assert_eq!(heard(&with("")), None);
    }
}
