//! The configuration of vector, the log shipper: whose output goes where (contract: formats.md, `vector.json`).

mod sink;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

pub use sink::{hidden, parse};

use super::Outcome;

/// The label under which containers bear the name of their app.
pub const APP_LABEL: &str = "com.dokku.app-name";

/// What an app, or the server for all of them, ships.
pub struct Shipping {
    /// Name of the app; none for all of them.
    pub app: Option<String>,
    /// Under which label the name of the app is shipped.
    pub alias: String,
    /// Where output goes, as `TYPE://?key=value`; empty for nowhere.
    pub sink: String,
    /// Where the output of cron tasks goes; empty where it goes with the rest.
    pub cron_sink: String,
}

#[derive(Serialize)]
struct Config {
    sources: BTreeMap<String, Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    transforms: BTreeMap<String, Value>,
    sinks: BTreeMap<String, Map<String, Value>>,
}

/// The text of `vector.json`.
///
/// # Errors
/// When a sink cannot be read.
pub fn config(scopes: &[Shipping]) -> Outcome<String> {
    let mut config = Config { sources: BTreeMap::new(), transforms: BTreeMap::new(), sinks: BTreeMap::new() };
    for scope in scopes.iter().filter(|scope| !scope.sink.is_empty() || !scope.cron_sink.is_empty()) {
        add(&mut config, scope, scopes)?;
    }
    if config.sources.is_empty() {
        // Vector refuses to start without a source and a sink: one of no containers, and one that swallows all.
        config.sources.insert("docker-null-source".into(), source("com.dokku.vector-null"));
        let nowhere = sink::to("blackhole://?print_interval_secs=1", "docker-null-source")?;
        config.sinks.insert("docker-null-sink".into(), nowhere);
    }
    Ok(serde_json::to_string_pretty(&config).expect("maps of text are JSON"))
}

fn add(config: &mut Config, scope: &Shipping, all: &[Shipping]) -> Outcome {
    let label = scope.app.as_ref().map_or_else(|| APP_LABEL.to_owned(), |app| format!("{APP_LABEL}={app}"));
    config.sources.insert(scope.id("source"), source(&label));
    let renaming = renaming(scope, all);
    let mut from = scope.id("source");
    if !scope.cron_sink.is_empty() {
        let router = scope.id("router");
        config.transforms.insert(router.clone(), route(&from, !scope.sink.is_empty()));
        // The name of the app is kept for the sink's own templates before its label may be renamed.
        let mut program = format!(
            ".dokku_app = to_string({}) ?? \"\"\n.dokku_cron_id = to_string({}) ?? \"\"",
            at(APP_LABEL),
            at("com.dokku.cron-id")
        );
        if let Some(renaming) = &renaming {
            program = format!("{program}\n{renaming}");
        }
        config.transforms.insert(scope.id("cron-remap"), remap(&format!("{router}.cron"), &program));
        config.sinks.insert(scope.id("cron-sink"), sink::to(&scope.cron_sink, &scope.id("cron-remap"))?);
        from = format!("{router}._unmatched");
    }
    if scope.sink.is_empty() {
        return Ok(());
    }
    if let Some(renaming) = &renaming {
        config.transforms.insert(scope.id("relabel"), remap(&from, renaming));
        from = scope.id("relabel");
    }
    config.sinks.insert(scope.id("sink"), sink::to(&scope.sink, &from)?);
    Ok(())
}

impl Shipping {
    /// The name of a part of vector's pipeline: dots mean something in it.
    fn id(&self, part: &str) -> String {
        match &self.app {
            Some(app) => format!("docker-{part}:{}", app.replace('.', "-")),
            None => format!("docker-global-{part}"),
        }
    }
}

fn source(label: &str) -> Value {
    json!({ "type": "docker_logs", "include_labels": [label] })
}

fn route(from: &str, goes_on: bool) -> Value {
    let is_cron = format!("{} == \"cron\"", at("com.dokku.container-type"));
    json!({
        "type": "route",
        "inputs": [from],
        "reroute_unmatched": goes_on,
        "route": { "cron": { "type": "vrl", "source": is_cron } },
    })
}

fn remap(from: &str, program: &str) -> Value {
    json!({ "type": "remap", "inputs": [from], "source": program })
}

/// Where vector's language finds a label.
fn at(label: &str) -> String {
    format!(".label.{label:?}")
}

fn rename_to(alias: &str) -> String {
    format!("{} = del({})", at(alias), at(APP_LABEL))
}

/// The program that renames the label of the app's name, if it is to be renamed. What is collected of all apps is
/// renamed app by app, where one has an alias of its own.
fn renaming(scope: &Shipping, all: &[Shipping]) -> Option<String> {
    let own = |other: &&Shipping| scope.app.is_none() && other.app.is_some() && other.alias != scope.alias;
    let mut others: Vec<(&str, &str)> = all
        .iter()
        .filter(own)
        .filter_map(|other| Some((other.app.as_deref()?, other.alias.as_str())))
        .collect();
    others.sort_unstable();
    if others.is_empty() {
        return (scope.alias != APP_LABEL).then(|| rename_to(&scope.alias));
    }
    let (kept, renamed): (Vec<_>, Vec<_>) = others.into_iter().partition(|(_, alias)| *alias == APP_LABEL);
    let mut branches: Vec<String> = renamed
        .iter()
        .map(|(app, alias)| format!("if app == {app:?} {{\n  {}\n}}", rename_to(alias)))
        .collect();
    if scope.alias != APP_LABEL {
        let others = kept.iter().map(|(app, _)| format!("app != {app:?}")).collect::<Vec<_>>().join(" && ");
        let condition = if others.is_empty() { String::new() } else { format!("if {others} ") };
        branches.push(format!("{condition}{{\n  {}\n}}", rename_to(&scope.alias)));
    }
    if branches.is_empty() {
        return None;
    }
    Some(format!("app = to_string({}) ?? \"\"\n{}", at(APP_LABEL), branches.join(" else ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(app: Option<&str>, alias: &str, sink: &str, cron_sink: &str) -> Shipping {
        Shipping {
            app: app.map(str::to_owned),
            alias: alias.into(),
            sink: sink.into(),
            cron_sink: cron_sink.into(),
        }
    }

    fn read(scopes: &[Shipping]) -> Value {
        serde_json::from_str(&config(scopes).expect("sinks can be read")).expect("JSON")
    }

    const CONSOLE: &str = "console://?encoding[codec]=json";

    #[test]
    fn without_a_sink_nothing_is_collected_and_all_is_swallowed() {
        let config = read(&[of(Some("shop"), APP_LABEL, "", "")]);
        assert_eq!(config["sources"]["docker-null-source"]["include_labels"][0], "com.dokku.vector-null");
        assert_eq!(config["sinks"]["docker-null-sink"]["print_interval_secs"], 1);
        assert_eq!(config.get("transforms"), None);
    }

    #[test]
    fn an_app_ships_what_bears_its_name() {
        let config = read(&[of(Some("my.shop"), APP_LABEL, CONSOLE, "")]);
        let source = &config["sources"]["docker-source:my-shop"];
        assert_eq!(source["include_labels"][0], "com.dokku.app-name=my.shop");
        let sink = &config["sinks"]["docker-sink:my-shop"];
        assert_eq!((&sink["inputs"][0], &sink["type"]), (&json!("docker-source:my-shop"), &json!("console")));
        assert_eq!(sink["encoding"]["codec"], "json");
    }

    #[test]
    fn cron_tasks_go_a_way_of_their_own() {
        let config = read(&[of(Some("shop"), APP_LABEL, CONSOLE, CONSOLE)]);
        let transforms = &config["transforms"];
        assert_eq!(transforms["docker-router:shop"]["reroute_unmatched"], true);
        assert_eq!(transforms["docker-cron-remap:shop"]["inputs"][0], "docker-router:shop.cron");
        assert_eq!(config["sinks"]["docker-sink:shop"]["inputs"][0], "docker-router:shop._unmatched");
        assert_eq!(config["sinks"]["docker-cron-sink:shop"]["inputs"][0], "docker-cron-remap:shop");
        let alone = read(&[of(Some("shop"), APP_LABEL, "", CONSOLE)]);
        assert_eq!(alone["transforms"]["docker-router:shop"]["reroute_unmatched"], false);
        assert_eq!(alone["sinks"].get("docker-sink:shop"), None);
    }

    #[test]
    fn what_all_ship_is_renamed_app_by_app() {
        let all = [
            of(Some("b"), "own", "", ""),
            of(Some("a"), APP_LABEL, "", ""),
            of(Some("c"), "name", "", ""),
            of(None, "name", CONSOLE, ""),
        ];
        let config = read(&all);
        assert_eq!(config["sinks"]["docker-global-sink"]["inputs"][0], "docker-global-relabel");
        assert_eq!(
            config["transforms"]["docker-global-relabel"]["source"],
            "app = to_string(.label.\"com.dokku.app-name\") ?? \"\"\n\
             if app == \"b\" {\n  .label.\"own\" = del(.label.\"com.dokku.app-name\")\n} else \
             if app != \"a\" {\n  .label.\"name\" = del(.label.\"com.dokku.app-name\")\n}"
        );
        let plain = read(&[of(None, "name", CONSOLE, "")]);
        assert_eq!(
            plain["transforms"]["docker-global-relabel"]["source"],
            ".label.\"name\" = del(.label.\"com.dokku.app-name\")"
        );
    }
}
