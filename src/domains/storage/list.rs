use crate::kernel::{Command, Ctx, Failure, Gate, Result, json};
use crate::model::AppName;
use crate::store::attachments::DEPLOY;

use super::mounts;

/// List what an app's containers mount
#[derive(clap::Args)]
pub struct List {
    /// How to print it: text or json
    #[arg(long, default_value = "text")]
    format: String,
    /// Name of the app
    app: AppName,
}

impl Command for List {
    const NAME: &'static str = "storage:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let is_json = match self.format.as_str() {
            "json" => true,
            "text" => false,
            _ => return Err(Failure::user("Invalid --format value specified")),
        };
        let rows = mounts::rows(ctx, &self.app, DEPLOY)?;
        if is_json {
            ctx.out.plain(json::compact(&rows));
            return Ok(());
        }
        ctx.out.unless_quiet().step(format!("{} volume bind-mounts:", self.app));
        for row in rows {
            if ctx.out.is_quiet() {
                ctx.out.plain(row.to_string());
            } else {
                ctx.out.detail(row.to_string());
            }
        }
        Ok(())
    }
}
