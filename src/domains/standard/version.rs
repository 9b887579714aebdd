use crate::kernel::{Command, Ctx, Gate, Result};
use crate::store::version;

/// Print the version
#[derive(clap::Args)]
pub struct Version {}

impl Command for Version {
    const NAME: &'static str = "version";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.out.plain(format!("dokku version {}", version::of_volume(ctx.layout())?));
        Ok(())
    }
}
