use crate::kernel::{Command, Ctx, EVENTS_VARIABLE, Gate, Result};
use crate::platform::files;

/// Every command reads the files of that folder.
pub const FILE: &str = EVENTS_VARIABLE;

/// Log events
#[derive(clap::Args)]
pub struct On {}

impl Command for On {
    const NAME: &'static str = "events:on";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.plain("Enabling dokku events logger");
        let text = format!("export {EVENTS_VARIABLE}=1\n");
        files::write(&ctx.layout().startup_folder().join(FILE), text.as_bytes(), 0o644)?;
        Ok(())
    }
}
