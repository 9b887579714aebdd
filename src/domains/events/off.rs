use super::on::FILE;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::platform::files;

/// Do not log events any more
#[derive(clap::Args)]
pub struct Off {}

impl Command for Off {
    const NAME: &'static str = "events:off";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.plain("Disabling dokku events logger");
        files::remove(&ctx.layout().startup_folder().join(FILE))?;
        Ok(())
    }
}
