use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::Scope;
use crate::store::properties;

/// Stop nginx: no app answers until nginx:start
#[derive(clap::Args)]
pub struct Stop {}

impl Command for Stop {
    const NAME: &'static str = "nginx:stop";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        properties::set(ctx.layout(), "nginx", &Scope::Global, "proxy-status", "stopped")?;
        Ok(ctx.platform.proxy.stop(&ctx.layout().control_socket()).await?)
    }
}
