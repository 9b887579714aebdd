use super::on::FILE;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::files;

/// Do not trace any more
#[derive(clap::Args)]
pub struct Off {}

impl Command for Off {
    const NAME: &'static str = "trace:off";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.step("Disabling trace mode");
        files::remove(&ctx.layout().startup_folder().join(FILE))?;
        Ok(())
    }
}
