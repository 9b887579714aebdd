use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::files;

/// Every command reads the files of that folder.
pub const FILE: &str = "DOKKU_TRACE";

/// Tell of every command what it does
#[derive(clap::Args)]
pub struct On {}

impl Command for On {
    const NAME: &'static str = "trace:on";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.step("Enabling trace mode");
        files::write(&ctx.layout().startup_folder().join(FILE), b"export DOKKU_TRACE=1\n", 0o644)?;
        Ok(())
    }
}
