//! A check of an app.json.

use std::time::Duration;

use serde::Deserialize;

use super::object::objects;
use super::or_default;
use crate::model::{Fault, Outcome};

objects!(Healthcheck, Header, OnFailure);

/// A check as it is written (contract: formats.md section 5.3).
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct Healthcheck {
    /// When it is run; `None` where the file does not say.
    #[serde(rename = "type")]
    pub kind: Option<CheckKind>,
    #[serde(deserialize_with = "or_default")]
    name: String,
    #[serde(deserialize_with = "or_default")]
    attempts: i32,
    #[serde(deserialize_with = "or_default")]
    wait: i32,
    #[serde(deserialize_with = "or_default")]
    timeout: i32,
    #[serde(deserialize_with = "or_default")]
    initial_delay: i32,
    #[serde(deserialize_with = "or_default")]
    path: String,
    #[serde(deserialize_with = "or_default")]
    content: String,
    #[serde(deserialize_with = "or_default")]
    scheme: String,
    #[serde(deserialize_with = "or_default")]
    http_headers: Vec<Header>,
    #[serde(deserialize_with = "or_default")]
    port: u16,
    #[serde(deserialize_with = "or_default")]
    command: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    uptime: i32,
    #[serde(deserialize_with = "or_default")]
    listening: bool,
    /// True when a failure is only told.
    #[serde(deserialize_with = "or_default")]
    pub warn: bool,
    /// What is done about a failure.
    pub on_failure: Option<OnFailure>,
}

/// When a check is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// Before a new container gets its route.
    Startup,
    /// By k3s, all the time: whether a container gets requests. Proxies in containers read its path.
    Readiness,
    /// All the time, by the server or by k3s: a container that fails it is started again.
    Liveness,
}

/// A header of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Header {
    /// Its name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its value.
    #[serde(deserialize_with = "or_default")]
    pub value: String,
}

/// What is done about a failed check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct OnFailure {
    /// A program of the host and its arguments.
    #[serde(deserialize_with = "or_default")]
    pub command: Vec<String>,
    /// A url that gets a POST.
    #[serde(deserialize_with = "or_default")]
    pub url: String,
}

/// What a check looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A program in the container ends with 0.
    Command(Vec<String>),
    /// A request is answered well.
    Path {
        /// With a leading slash.
        path: String,
        /// Text that must occur in the answer; empty for any answer.
        content: String,
        /// True for https.
        is_tls: bool,
        /// Beyond those that every check sends.
        headers: Vec<Header>,
        /// The port of the container without one.
        port: Option<u16>,
    },
    /// The container runs that long without a restart.
    Uptime(Duration),
    /// The port is open on all interfaces of the container.
    Listening {
        /// The port of the container without one.
        port: Option<u16>,
    },
}

impl Healthcheck {
    /// True when it is run before a new container gets its route.
    pub fn is_startup(&self) -> bool {
        self.kind == Some(CheckKind::Startup)
    }

    /// What it looks at. A check that says nothing wants the container to run.
    ///
    /// # Errors
    /// When it says more than one thing, or a scheme that is none.
    pub fn probe(&self) -> Outcome<Probe> {
        let said: Vec<&str> = [
            ("command", !self.command.is_empty()),
            ("path", !self.path.is_empty()),
            ("uptime", self.uptime > 0),
            ("listening", self.listening),
        ]
        .into_iter()
        .filter_map(|(key, is_said)| is_said.then_some(key))
        .collect();
        let port = (self.port > 0).then_some(self.port);
        match said.as_slice() {
            [] => Ok(Probe::Uptime(Duration::ZERO)),
            ["command"] => Ok(Probe::Command(self.command.clone())),
            ["path"] => Ok(Probe::Path {
                path: format!("/{}", self.path.trim_start_matches('/')),
                content: self.content.clone(),
                is_tls: self.is_tls()?,
                headers: self.http_headers.clone(),
                port,
            }),
            ["uptime"] => Ok(Probe::Uptime(seconds(self.uptime).unwrap_or_default())),
            ["listening"] => Ok(Probe::Listening { port }),
            several => Err(Fault::new(format!(
                "only one of command, path, uptime and listening can be given, not {}",
                several.join(" and ")
            ))),
        }
    }

    fn is_tls(&self) -> Outcome<bool> {
        match self.scheme.to_ascii_lowercase().as_str() {
            "" | "http" => Ok(false),
            "https" => Ok(true),
            other => Err(Fault::new(format!("scheme must be http or https, not {other}"))),
        }
    }

    /// Its name, or what it looks at.
    pub fn name(&self) -> String {
        match self.probe() {
            _ if !self.name.is_empty() => self.name.clone(),
            Ok(Probe::Command(command)) => command.join(" "),
            Ok(Probe::Path { path, .. }) => path,
            Ok(Probe::Uptime(time)) => format!("uptime of {} seconds", time.as_secs()),
            Ok(Probe::Listening { .. }) => "listening".to_owned(),
            Err(_) => "unnamed".to_owned(),
        }
    }

    /// How often it is tried; `None` where the file does not say.
    pub fn attempts(&self) -> Option<u32> {
        u32::try_from(self.attempts).ok().filter(|&attempts| attempts > 0)
    }

    /// The time between two tries; `None` where the file does not say.
    pub fn wait(&self) -> Option<Duration> {
        seconds(self.wait)
    }

    /// The time a try may take; `None` where the file does not say.
    pub fn timeout(&self) -> Option<Duration> {
        seconds(self.timeout)
    }

    /// How long after the start of the container the first try is.
    pub fn initial_delay(&self) -> Duration {
        seconds(self.initial_delay).unwrap_or_default()
    }
}

fn seconds(value: i32) -> Option<Duration> {
    u64::try_from(value).ok().filter(|&value| value > 0).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Healthcheck {
        serde_json::from_str(text).expect("a check")
    }

    #[test]
    fn what_is_not_said_is_nothing() {
        let check = check(r#"{"type": "startup", "path": "health"}"#);
        assert!(check.is_startup());
        assert_eq!(
            (check.attempts(), check.wait(), check.timeout(), check.initial_delay(), check.warn),
            (None, None, None, Duration::ZERO, false)
        );
        assert_eq!(check.name(), "/health");
        let (content, headers) = (String::new(), Vec::new());
        let path = Probe::Path { path: "/health".to_owned(), content, is_tls: false, headers, port: None };
        assert_eq!(check.probe().expect("a probe"), path);
    }

    #[test]
    fn an_unknown_kind_or_scheme_is_refused() {
        assert!(serde_json::from_str::<Healthcheck>(r#"{"type": "startupp"}"#).is_err());
        assert!(check(r#"{"path": "/", "scheme": "ftp"}"#).probe().is_err());
        assert!(check(r#"{"command": ["a"], "listening": true}"#).probe().is_err());
    }

    #[test]
    fn a_check_without_a_word_wants_the_container_to_run() {
        assert_eq!(check(r#"{"type": "startup"}"#).probe().expect("a probe"), Probe::Uptime(Duration::ZERO));
    }
}
