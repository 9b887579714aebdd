use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::view::{self, Shown, find};
use crate::kernel::{Command, Ctx, Gate, Result, json, table};
use crate::model::AppName;
use crate::store::releases::{self, Content, Release};

/// Show what a release consists of
///
/// Without a number the current one. Variables and docker options are shown by name; with `--show-values` their values,
/// too.
#[derive(clap::Args)]
pub struct Info {
    /// Show values, too
    #[arg(long)]
    show_values: bool,
    /// How to print it: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Name of the app
    app: AppName,
    /// Number of the release
    release: Option<String>,
}

impl Command for Info {
    const NAME: &'static str = "releases:info";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        let app = &self.app;
        ctx.require_app(app)?;
        let shown = Shown::of(ctx, app).await?;
        let release = find(app, &shown.all, self.release.as_deref())?;
        let content = releases::content_of(ctx.layout(), app, release)?;
        if is_json {
            ctx.out.plain(json::compact(&view(&shown, release, &content, self.show_values)));
            return Ok(());
        }
        table::columns(&rows(&shown, release, &content, self.show_values))
            .iter()
            .for_each(|line| ctx.out.plain(line));
        Ok(())
    }
}

/// What is no secret, as it is stored.
const OPEN: [(&str, &str, &str); 4] = [
    ("Builder:", "builder", "detected"),
    ("Scale:", "ps", "scale"),
    ("Ports:", "ports", "map"),
    ("Detected Ports:", "ports", "map-detected"),
];

/// Settings by key, and whether their values are shown to everybody.
const NAMED: [(&str, &str, bool); 3] = [
    ("Checks:", "checks", true),
    ("Resources:", "resource", true),
    // An option may hold a password.
    ("Docker Options:", "docker-options", false),
];

fn rows(shown: &Shown, release: &Release, content: &Content, shows_values: bool) -> Vec<Vec<String>> {
    let mut rows = vec![
        ("Release:", release.number.to_string()),
        ("Status:", shown.status(release).to_owned()),
        ("Deployed:", view::time(release.at)),
        ("By:", release.by.clone()),
        ("Source:", view::source(release)),
        ("Build ID:", release.build_id.clone()),
        ("Commit:", release.revision.clone()),
        ("Image:", release.image.clone()),
        ("Changes:", release.changes.join("; ")),
        ("Taken Back:", release.taken_back.clone().unwrap_or_default()),
    ];
    for (label, plugin, key) in OPEN {
        rows.push((label, setting(content, plugin, key).split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    for (label, plugin, is_open) in NAMED {
        rows.push((label, named(content.settings.get(plugin), is_open || shows_values)));
    }
    let mounts = content.mounts();
    let mounts = mounts.iter().map(|mount| format!("{}:{}", mount.entry_name, mount.container_path));
    rows.push(("Mounts:", mounts.collect::<Vec<_>>().join(" ")));
    rows.push(("Files:", content.files.keys().cloned().collect::<Vec<_>>().join(" ")));
    rows.push(("Config:", named(Some(&content.variables), shows_values)));
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    rows.map(|(label, value)| vec![label.to_owned(), value]).collect()
}

fn setting<'a>(content: &'a Content, plugin: &str, key: &str) -> &'a str {
    content.settings.get(plugin).and_then(|keys| keys.get(key)).map_or("", String::as_str)
}

fn named(values: Option<&BTreeMap<String, String>>, shows_values: bool) -> String {
    let word = |(key, value): (&String, &String)| match shows_values {
        true => format!("{key}={:?}", value.trim_end_matches('\n')),
        false => key.clone(),
    };
    values.into_iter().flatten().map(word).collect::<Vec<_>>().join(" ")
}

fn view(shown: &Shown, release: &Release, content: &Content, shows_values: bool) -> Value {
    let mut view = shown.json(release);
    let hidden = |values: &BTreeMap<String, String>| -> Value {
        let value = |value: &String| if shows_values { json!(value) } else { Value::Null };
        values.iter().map(|(key, text)| (key.clone(), value(text))).collect()
    };
    let lines =
        |plugin: &str, key: &str| json!(setting(content, plugin, key).split_whitespace().collect::<Vec<_>>());
    view["scale"] = lines("ps", "scale");
    view["ports"] = lines("ports", "map");
    view["detected_ports"] = lines("ports", "map-detected");
    view["files"] = json!(content.files.keys().collect::<Vec<_>>());
    view["config"] = hidden(&content.variables);
    view["settings"] =
        content.settings.iter().map(|(plugin, values)| (plugin.clone(), hidden(values))).collect();
    view
}
