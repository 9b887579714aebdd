use serde_json::Value;

use super::view::{self, Shown};
use crate::kernel::{Command, Ctx, Gate, Result, json, table};
use crate::model::AppName;

/// List the releases of an app
///
/// The newest first: those that releases:rollback can return to, and among them those that gave their place back.
#[derive(clap::Args)]
pub struct List {
    /// How to print them: stdout or json
    #[arg(long, default_value = "stdout")]
    format: String,
    /// Name of the app
    app: AppName,
}

impl Command for List {
    const NAME: &'static str = "releases:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let is_json = json::is_asked(&self.format)?;
        ctx.require_app(&self.app)?;
        let shown = Shown::of(ctx, &self.app).await?;
        if is_json {
            let views: Vec<Value> = shown.all.iter().map(|release| shown.json(release)).collect();
            ctx.out.plain(json::compact(&views));
        } else if shown.all.is_empty() {
            ctx.out.plain("No releases recorded for this app");
        } else {
            table::columns(&rows(&shown)).iter().for_each(|line| ctx.out.plain(line));
        }
        Ok(())
    }
}

fn rows(shown: &Shown) -> Vec<Vec<String>> {
    let head = ["Release", "Status", "Deployed", "By", "Source", "Commit", "Changes"];
    let rows = shown.all.iter().map(|release| {
        vec![
            release.number.to_string(),
            shown.status(release).to_owned(),
            view::time(release.at),
            release.by.clone(),
            view::source(release),
            release.short_revision().to_owned(),
            release.changes.join("; "),
        ]
    });
    std::iter::once(head.map(str::to_owned).to_vec()).chain(rows).collect()
}
