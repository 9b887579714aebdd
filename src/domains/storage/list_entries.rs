use crate::kernel::{Command, Ctx, Gate, Result, json};
use crate::store::storage_entries;

/// List the storage entries there are
#[derive(clap::Args)]
pub struct ListEntries {
    /// Only those of this scheduler
    #[arg(long, default_value = "", hide_default_value = true)]
    scheduler: String,
    /// How to print them: text or json
    #[arg(long, default_value = "text")]
    format: String,
}

impl Command for ListEntries {
    const NAME: &'static str = "storage:list-entries";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let mut entries = storage_entries::all(ctx.layout())?;
        entries.retain(|entry| self.scheduler.is_empty() || entry.scheduler == self.scheduler);
        if self.format == "json" {
            ctx.out.plain(json::indented(&entries));
            return Ok(());
        }
        if entries.is_empty() {
            ctx.out.unless_quiet().step("No storage entries registered");
            return Ok(());
        }
        ctx.out.unless_quiet().step("Storage entries:");
        for entry in entries {
            ctx.out.detail(format!("{}\t{}\t{}", entry.name, entry.scheduler, entry.host_path));
        }
        Ok(())
    }
}
