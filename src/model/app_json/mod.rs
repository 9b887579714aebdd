//! The app.json of an app: what it says about its environment, scale, checks, scripts and cron
//! (contract: formats.md section 5).

mod env;
mod formation;
mod healthcheck;
mod jsonc;
mod object;

pub use env::EnvVariable;
pub use formation::{Autoscaling, AutoscalingTrigger, Formation, Service};
pub use healthcheck::{CheckKind, Header, Healthcheck, OnFailure, Probe};

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::{Fault, Outcome, ProcessType, checks_file};
use object::objects;

objects!(AppJson, Buildpack, CronTask, Scripts, DokkuScripts);

/// An app.json. Keys that are not here are ignored.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct AppJson {
    /// Used when no buildpacks are set by command.
    #[serde(deserialize_with = "or_default")]
    pub buildpacks: Vec<Buildpack>,
    /// Commands run by the clock.
    #[serde(deserialize_with = "or_default")]
    pub cron: Vec<CronTask>,
    /// Variables to set, by name.
    #[serde(deserialize_with = "or_default")]
    pub env: BTreeMap<String, EnvVariable>,
    /// What is said of each process type.
    #[serde(deserialize_with = "or_default")]
    pub formation: BTreeMap<String, Formation>,
    /// Checks by process type.
    #[serde(deserialize_with = "or_default")]
    pub healthchecks: BTreeMap<String, Vec<Healthcheck>>,
    /// Commands run around a deploy.
    #[serde(deserialize_with = "or_default")]
    pub scripts: Scripts,
}

/// Where a buildpack comes from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Buildpack {
    /// A url or `owner/name`.
    #[serde(deserialize_with = "or_default")]
    pub url: String,
}

/// A command run by the clock. What must stand in it is checked by the cron domain.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct CronTask {
    /// What to run.
    #[serde(deserialize_with = "or_default")]
    pub command: String,
    /// When: five fields or a descriptor such as `@daily`.
    #[serde(deserialize_with = "or_default")]
    pub schedule: String,
    /// Suspended.
    #[serde(deserialize_with = "or_default")]
    pub maintenance: bool,
    /// `allow`, `forbid` or `replace`; empty is `allow`.
    #[serde(deserialize_with = "or_default")]
    pub concurrency_policy: String,
}

/// Commands run around a deploy; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Scripts {
    /// Those of Dokku.
    #[serde(deserialize_with = "or_default")]
    pub dokku: DokkuScripts,
    /// On the first deploy only, before any container of the app runs (Heroku's key).
    #[serde(deserialize_with = "or_default")]
    pub postdeploy: String,
}

/// Commands run at each deploy; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, remote = "Self")]
pub struct DokkuScripts {
    /// In a container of the new image; what it leaves becomes part of the image.
    #[serde(deserialize_with = "or_default")]
    pub predeploy: String,
    /// After the new containers serve.
    #[serde(deserialize_with = "or_default")]
    pub postdeploy: String,
}

impl AppJson {
    /// Reads an app.json: JSON, in which comments and trailing commas may stand. An empty text is an empty app.json.
    ///
    /// # Errors
    /// Text that is not such JSON, a value of another type than its key has, a check that is not exactly one
    /// kind of check. The message names key, line and column.
    pub fn parse(text: &str) -> Outcome<Self> {
        if text.trim().is_empty() {
            return Ok(AppJson::default());
        }
        let plain = jsonc::plain(text);
        let mut json = serde_json::Deserializer::from_str(&plain);
        let app_json: AppJson = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let inner = error.into_inner();
            if inner.is_data() && path != "." { invalid(format!("{path}: {inner}")) } else { invalid(inner) }
        })?;
        json.end().map_err(invalid)?;
        app_json.check()?;
        Ok(app_json)
    }

    fn check(&self) -> Outcome {
        for (process_type, checks) in &self.healthchecks {
            for (index, check) in checks.iter().enumerate().filter(|(_, check)| check.kind.is_some()) {
                check
                    .probe()
                    .map_err(|fault| invalid(format!("healthchecks.{process_type}[{index}]: {fault}")))?;
            }
        }
        for (process_type, formation) in &self.formation {
            if formation.quantity.is_some_and(|quantity| quantity < 0) {
                return Err(invalid(format!("formation.{process_type}.quantity: must not be below 0")));
            }
        }
        Ok(())
    }

    /// The checks of a process type, of all kinds.
    pub fn checks(&self, process_type: &ProcessType) -> &[Healthcheck] {
        self.healthchecks.get(process_type.as_str()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The same with the checks of a CHECKS file for the web process, which are the only ones it then has.
    ///
    /// # Errors
    /// When the file cannot be understood.
    pub fn with_checks_file(mut self, text: &str) -> Outcome<Self> {
        let checks = json!({ "healthchecks": { "web": checks_file::to_app_json(text)? } });
        self.healthchecks.extend(Self::parse(&checks.to_string())?.healthchecks);
        Ok(self)
    }

    /// How many containers of a type may be deployed at once: at least 1.
    pub fn max_parallel(&self, process_type: &ProcessType) -> u32 {
        let formation = self.formation.get(process_type.as_str());
        formation
            .and_then(|formation| formation.max_parallel)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(1)
            .max(1)
    }

    /// The scale, if any quantity is named; all types that have none are then 0.
    ///
    /// # Errors
    /// When a name is no process type.
    pub fn quantities(&self) -> Outcome<Option<super::scale::Quantities>> {
        let named = self.formation.iter().filter_map(|(name, formation)| Some((name, formation.quantity?)));
        let mut quantities = super::scale::Quantities::new();
        for (name, quantity) in named {
            let name = name.parse().map_err(|fault| invalid(format!("formation.{name}: {fault}")))?;
            quantities.insert(name, u32::try_from(quantity).unwrap_or(0));
        }
        Ok((!quantities.is_empty()).then_some(quantities))
    }
}

fn invalid(what: impl std::fmt::Display) -> Fault {
    Fault::new(format!("Cannot parse app.json: {}", in_words_of_json(&what.to_string())))
}

/// The library's words for types are Rust's.
fn in_words_of_json(text: &str) -> String {
    [
        ("expected i32", "expected a whole number"),
        ("expected u16", "expected a port"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected an object"),
        ("invalid type: sequence", "invalid type: list"),
        ("invalid type: map", "invalid type: object"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A value, or `null` for the default.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        AppJson::parse(text).expect_err("refused").message
    }

    #[test]
    fn comments_and_trailing_commas_may_stand_anywhere() {
        let read = AppJson::parse(
            r#"{
                // a comment
                "name": "ignored", /* and "another", */
                "scripts": {"dokku": {"predeploy": "echo '// no comment'",},},
                "formation": {"web": {"quantity": 2, "max_parallel": 3}, "worker": {}},
                "cron": [{"command": "x", "schedule": "@daily"},],
                "env": null,
            }"#,
        )
        .expect("an app.json");
        assert_eq!(read.scripts.dokku.predeploy, "echo '// no comment'");
        assert_eq!(read.cron.len(), 1);
        let web = ProcessType::web();
        assert_eq!(read.max_parallel(&web), 3);
        assert_eq!(read.quantities().expect("names"), Some([(web, 2)].into()));
        assert_eq!(AppJson::parse("\n").expect("an empty one"), AppJson::default());
    }

    #[test]
    fn an_error_names_key_and_place() {
        assert_eq!(
            message("{\n  \"healthchecks\": {\"web\": [{\"type\": \"startup\", \"attempts\": \"3\"}]}\n}"),
            "Cannot parse app.json: healthchecks.web[0].attempts: invalid type: string \"3\", expected a whole number at line 2 column 62"
        );
        assert_eq!(
            message("{\"scripts\": []}"),
            "Cannot parse app.json: scripts: invalid type: list, expected an object at line 1 column 12"
        );
        assert_eq!(
            message("{\"env\": 1, }, {"),
            "Cannot parse app.json: env: invalid type: integer `1`, expected an object at line 1 column 9"
        );
        assert_eq!(message("{\"env\" }"), "Cannot parse app.json: expected `:` at line 1 column 8");
        assert_eq!(message("{} {}"), "Cannot parse app.json: trailing characters at line 1 column 4");
        assert_eq!(
            message(r#"{"healthchecks": {"web": [{"type": "startup", "path": "/", "uptime": 3}]}}"#),
            "Cannot parse app.json: healthchecks.web[0]: only one of command, path, uptime and listening can be given, not path and uptime"
        );
        assert_eq!(
            message(
                r#"{"healthchecks": {"worker": [{"type": "liveness", "command": ["a"], "listening": true}]}}"#
            ),
            "Cannot parse app.json: healthchecks.worker[0]: only one of command, path, uptime and listening can be given, not command and listening"
        );
        assert_eq!(message(r#"{"formation": {"web": {"quantity": -1}}}"#), {
            "Cannot parse app.json: formation.web.quantity: must not be below 0"
        });
    }
}
