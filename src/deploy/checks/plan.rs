//! Which checks a new container must pass: those of app.json, else one of our own.

use std::time::Duration;

use crate::model::app_json::{CheckKind, Healthcheck, OnFailure, Probe};
use crate::model::{AppJson, AppName, Outcome, ProcessType};
use crate::store::{Layout, properties};

/// A check to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// What it looks at.
    pub probe: Probe,
    /// How often it is tried.
    pub attempts: u32,
    /// The time between two tries.
    pub wait: Duration,
    /// The time a try may take.
    pub timeout: Duration,
    /// How long after the start of the container the first try is.
    pub initial_delay: Duration,
    /// True when a failure is only told.
    pub warn: bool,
    /// What is done about a failure.
    pub on_failure: Option<OnFailure>,
}

/// What a check has that the app does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// How long a container without a port, and without a check, must run.
    pub uptime: Duration,
    /// How long a web process without a check may take until it listens.
    pub listen: Duration,
    /// How often a check is tried.
    pub attempts: u32,
    /// The time between two tries.
    pub wait: Duration,
    /// The time a try may take.
    pub timeout: Duration,
}

impl Defaults {
    /// Those of the app, of all apps, or of Dokku's checker.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub fn of(layout: &Layout, app: &AppName) -> Outcome<Self> {
        let number = |key, default: u32| -> Outcome<u32> {
            let text = properties::computed(layout, "checks", &app.into(), key, "")?;
            Ok(text.parse().unwrap_or(default))
        };
        let seconds =
            |key, default| -> Outcome<Duration> { Ok(Duration::from_secs(u64::from(number(key, default)?))) };
        Ok(Defaults {
            uptime: seconds("default-wait", 10)?,
            listen: seconds("listen-timeout", 60)?,
            attempts: number("attempts", 3)?.max(1),
            wait: seconds("wait", 5)?,
            timeout: seconds("timeout", 5)?,
        })
    }
}

/// The checks of a process type. A port is what a web process must listen on; other types have none.
pub fn checks(
    app_json: &AppJson,
    process_type: &ProcessType,
    port: Option<u16>,
    defaults: Defaults,
) -> Vec<Check> {
    let declared = app_json.checks(process_type).iter().filter(|check| check.is_startup());
    // A check that cannot be read was refused with the app.json.
    let mut checks: Vec<Check> = declared.filter_map(|check| Check::of(check, &defaults)).collect();
    match (checks.is_empty(), port) {
        (true, Some(port)) => checks.push(Check {
            timeout: defaults.listen,
            attempts: 1,
            ..Check::named("default", Probe::Listening { port: Some(port) }, &defaults)
        }),
        (true, None) => checks.push(Check::named("default", Probe::Uptime(defaults.uptime), &defaults)),
        (false, Some(port)) if process_type.is_web() => checks.push(Check {
            warn: true,
            ..Check::named("port listening check", Probe::Listening { port: Some(port) }, &defaults)
        }),
        (false, _) => {}
    }
    checks
}

/// The checks of a process type that go on for as long as its containers live.
pub fn lasting(app_json: &AppJson, process_type: &ProcessType, defaults: &Defaults) -> Vec<Check> {
    app_json
        .checks(process_type)
        .iter()
        .filter(|check| check.kind == Some(CheckKind::Liveness))
        .filter_map(|check| Check::of(check, defaults))
        .collect()
}

impl Check {
    fn named(name: &str, probe: Probe, defaults: &Defaults) -> Self {
        Check {
            name: name.to_owned(),
            probe,
            attempts: defaults.attempts,
            wait: defaults.wait,
            timeout: defaults.timeout,
            initial_delay: Duration::ZERO,
            warn: false,
            on_failure: None,
        }
    }

    fn of(check: &Healthcheck, defaults: &Defaults) -> Option<Self> {
        Some(Check {
            name: check.name(),
            probe: check.probe().ok()?,
            attempts: check.attempts().unwrap_or(defaults.attempts),
            wait: check.wait().unwrap_or(defaults.wait),
            timeout: check.timeout().unwrap_or(defaults.timeout),
            initial_delay: check.initial_delay(),
            warn: check.warn,
            on_failure: check.on_failure.clone(),
        })
    }

    /// What is said when it begins, in the words of Dokku's checker.
    pub fn announcement(&self, port: u16) -> String {
        let name = &self.name;
        let (attempts, retries) = (self.attempts, self.attempts.saturating_sub(1));
        let (timeout, wait) = (self.timeout.as_secs(), self.wait.as_secs());
        let rest = match &self.probe {
            Probe::Command(command) => {
                let command = command.join(" ");
                format!(
                    "attempts={attempts} command='[{command}]' timeout={timeout} type='command' wait={wait}"
                )
            }
            Probe::Listening { port: own } => {
                let port = own.unwrap_or(port);
                format!(
                    "attempts={attempts} port={port} retries={retries} timeout={timeout} type='listening' wait={wait}"
                )
            }
            Probe::Path { path, .. } => {
                let delay = self.initial_delay.as_secs();
                format!("delay={delay} path='{path}' retries={retries} timeout={timeout} type='path'")
            }
            Probe::Uptime(time) => format!("type='uptime' uptime={}", time.as_secs()),
        };
        format!("Running healthcheck name='{name}' {rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::path::Path;

    fn announced(app_json: &str, process_type: &str, port: Option<u16>, expected: &Expect) {
        let app_json = AppJson::parse(app_json).expect("an app.json");
        let process_type = process_type.parse().expect("a process type");
        let defaults = Defaults::of(&Layout::below(Path::new("/nowhere")), &"shop".parse().expect("a name"));
        let defaults = defaults.expect("nothing to read");
        let lines: Vec<String> = checks(&app_json, &process_type, port, defaults)
            .iter()
            .map(|check| format!("{}{}\n", check.announcement(5000), if check.warn { " (warn)" } else { "" }))
            .collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn without_a_word_of_the_app_a_port_must_open_and_all_else_must_run() {
        announced(
            "{}",
            "web",
            Some(5000),
            &expect![[r"
            Running healthcheck name='default' attempts=1 port=5000 retries=0 timeout=60 type='listening' wait=5
        "]],
        );
        announced(
            "{}",
            "worker",
            None,
            &expect![[r"
            Running healthcheck name='default' type='uptime' uptime=10
        "]],
        );
    }

    #[test]
    fn declared_checks_are_run_and_the_port_is_looked_at_besides() {
        let app_json = r#"{"healthchecks": {"web": [
            {"type": "startup", "name": "check-1", "path": "/", "attempts": 2},
            {"type": "startup", "command": ["bin/ok", "-v"]},
            {"type": "readiness", "path": "/ready"},
            {"path": "/untyped"},
            {"type": "startup", "uptime": 3, "warn": true}
        ]}}"#;
        announced(
            app_json,
            "web",
            Some(3000),
            &expect![[r"
            Running healthcheck name='check-1' delay=0 path='/' retries=1 timeout=5 type='path'
            Running healthcheck name='bin/ok -v' attempts=3 command='[bin/ok -v]' timeout=5 type='command' wait=5
            Running healthcheck name='uptime of 3 seconds' type='uptime' uptime=3 (warn)
            Running healthcheck name='port listening check' attempts=3 port=3000 retries=2 timeout=5 type='listening' wait=5 (warn)
        "]],
        );
    }
}
