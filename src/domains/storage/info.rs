use crate::kernel::{Command, Ctx, Failure, Gate, Result, json};
use crate::store::storage_entries;

/// Show one storage entry
#[derive(clap::Args)]
pub struct Info {
    /// How to print it: text or json
    #[arg(long, default_value = "text")]
    format: String,
    /// Name of the entry
    #[arg(default_value = "")]
    name: String,
}

impl Command for Info {
    const NAME: &'static str = "storage:info";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        if self.name.is_empty() {
            return Err(Failure::user("storage entry name is required"));
        }
        let entry = storage_entries::require(ctx.layout(), &self.name)?;
        if self.format == "json" {
            ctx.out.plain(json::indented(&entry));
            return Ok(());
        }
        ctx.out.unless_quiet().step(format!("Storage entry {}", entry.name));
        for (label, value) in [
            ("Scheduler:", &entry.scheduler),
            ("Host path:", &entry.host_path),
            ("Size:", &entry.size),
            ("Access mode:", &entry.access_mode),
            ("Storage class:", &entry.storage_class),
            ("Namespace:", &entry.namespace),
            ("Chown:", &entry.chown),
            ("Mode:", &entry.mode),
            ("Reclaim policy:", &entry.reclaim_policy),
        ] {
            if !value.is_empty() {
                ctx.out.detail(format!("{label:18}{value}"));
            }
        }
        Ok(())
    }
}
