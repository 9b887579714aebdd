use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::files;

/// Every command reads the files of that folder.
pub const FILE: &str = "DOKKU_EVENTS";

/// Log events
#[derive(clap::Args)]
pub struct On {}

impl Command for On {
    const NAME: &'static str = "events:on";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.plain("Enabling dokku events logger");
        files::write(&ctx.layout().startup_folder().join(FILE), b"export DOKKU_EVENTS=1\n", 0o644)?;
        Ok(())
    }
}
