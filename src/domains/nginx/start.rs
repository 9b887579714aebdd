use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::Scope;
use crate::store::properties;

/// Start nginx after nginx:stop
#[derive(clap::Args)]
pub struct Start {}

impl Command for Start {
    const NAME: &'static str = "nginx:start";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        properties::set(ctx.layout(), "nginx", &Scope::Global, "proxy-status", "started")?;
        Ok(ctx.platform.proxy.start(&ctx.layout().control_socket()).await?)
    }
}
