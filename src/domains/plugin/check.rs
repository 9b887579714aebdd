use super::findings::{Finding, State, findings};
use crate::kernel::{Command, Ctx, Failure, Gate, Result, json, table};
use crate::store::{plugins, version};

/// Check what plugins say of themselves
///
/// A line per plugin and kind: whether its `plugin.toml` can be read, whether it works with this version of Dokku,
/// which settings it has, whether its daemon answers, which roles it takes. With `--dokku` it is held against another version: ask before an
/// upgrade. Fails if anything is wrong.
#[derive(clap::Args)]
pub struct Check {
    /// Name of the plugin; all without one
    plugin: Option<String>,
    /// The version to hold plugins against; this one without it
    #[arg(long, value_name = "VERSION")]
    dokku: Option<String>,
    /// How: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
}

impl Command for Check {
    const NAME: &'static str = "plugin:check";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let mut installed = plugins::installed(ctx.layout())?;
        if let Some(name) = &self.plugin {
            installed.retain(|plugin| plugin.name == *name);
            if installed.is_empty() {
                return Err(super::not_installed(name));
            }
        }
        let version = match self.dokku {
            Some(version) => version,
            None => version::of_volume(ctx.layout())?,
        };
        let mut all = Vec::new();
        for plugin in &installed {
            all.extend(findings(ctx, plugin, &version).await?);
        }
        match self.format.as_str() {
            "json" => ctx.out.plain(json::compact(&all)),
            "stdout" => print(ctx, &all),
            _ => {
                return Err(Failure::user(
                    "Invalid output format specified, supported formats: json, stdout",
                ));
            }
        }
        match all.iter().filter(|finding| finding.state == State::Wrong).count() {
            0 => Ok(()),
            1 => Err(Failure::user("1 thing is wrong with plugins")),
            count => Err(Failure::user(format!("{count} things are wrong with plugins"))),
        }
    }
}

fn print(ctx: &Ctx, all: &[Finding]) {
    let row = |found: &Finding| {
        vec![found.plugin.clone(), found.kind.to_owned(), found.state.word().to_owned(), found.about.clone()]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    table::columns(&rows).iter().for_each(|line| ctx.out.plain(line.trim_end()));
}
