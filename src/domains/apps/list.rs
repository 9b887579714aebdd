use crate::kernel::{Command, Ctx, Gate, Result};
use crate::store::apps;

/// List your apps
#[derive(clap::Args)]
pub struct List {
    /// How to print them
    #[arg(long, value_parser = ["stdout", "json"], default_value = "stdout")]
    format: String,
}

impl Command for List {
    const NAME: &'static str = "apps:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let apps = apps::all(ctx.layout())?;
        if self.format == "json" {
            let names: Vec<&str> = apps.iter().map(AsRef::as_ref).collect();
            ctx.out.plain(serde_json::json!(names).to_string());
            return Ok(());
        }
        if apps.is_empty() {
            ctx.out.warn("You haven't deployed any applications yet");
            return Ok(());
        }
        ctx.out.unless_quiet().heading("My Apps");
        for app in apps {
            ctx.out.plain(app.as_str());
        }
        Ok(())
    }
}
