use std::collections::BTreeMap;

use serde::Serialize;

use crate::kernel::{Command, Ctx, Failure, Gate, Result, json};
use crate::platform::git::without_login;
use crate::store::plugins;

/// List plugins, native ones and others
#[derive(clap::Args)]
pub struct List {
    /// How: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
}

/// A row, with the keys of Dokku's JSON.
#[derive(Serialize)]
struct Row {
    name: String,
    version: String,
    enabled: bool,
    core: bool,
    description: String,
    source_url: String,
    committish: String,
    branch: String,
}

impl Command for List {
    const NAME: &'static str = "plugin:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let rows = rows(ctx)?;
        match self.format.as_str() {
            "json" => ctx.out.plain(json::compact(&rows)),
            "stdout" => {
                for Row { name, version, enabled, description, .. } in rows {
                    let state = if enabled { "enabled" } else { "disabled" };
                    ctx.out.plain(format!("  {name:20} {version:5} {state:10} {description}"));
                }
            }
            _ => {
                return Err(Failure::user(
                    "Invalid output format specified, supported formats: json, stdout",
                ));
            }
        }
        Ok(())
    }
}

fn rows(ctx: &Ctx) -> Result<Vec<Row>> {
    let mut rows = BTreeMap::new();
    for domain in ctx.bus.domains() {
        let row = Row {
            name: domain.plugin.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            enabled: !ctx.bus.is_disabled(ctx.layout(), domain.plugin)?,
            core: true,
            description: domain.about.to_owned(),
            source_url: String::new(),
            committish: String::new(),
            branch: String::new(),
        };
        rows.entry(row.name.clone()).or_insert(row);
    }
    for found in plugins::installed(ctx.layout())? {
        // One that cannot be read is listed all the same: it is there, and called.
        let manifest = found.manifest().unwrap_or_default().plugin;
        let origin = plugins::origin(&found).unwrap_or_default();
        let (url, commit, branch) = origin.map_or_else(Default::default, |from| {
            (
                from.url.map(|url| without_login(&url)).unwrap_or_default(),
                from.commit.to_string(),
                from.branch.unwrap_or_default(),
            )
        });
        let row = Row {
            version: manifest.version,
            enabled: found.is_enabled,
            core: false,
            description: manifest.description,
            source_url: url,
            committish: commit,
            branch,
            name: found.name.clone(),
        };
        rows.insert(found.name, row);
    }
    Ok(rows.into_values().collect())
}
