use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::Scope;
use crate::store::vhosts;

/// Forget all global domains
#[derive(clap::Args)]
pub struct ClearGlobal {}

impl Command for ClearGlobal {
    const NAME: &'static str = "domains:clear-global";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        vhosts::write(ctx.layout(), &Scope::Global, &[])?;
        ctx.out.step("Clearing global domains");
        Ok(())
    }
}
