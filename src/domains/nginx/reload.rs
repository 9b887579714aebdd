use crate::kernel::{Command, Ctx, Failure, Gate, Result};

/// Put all nginx configurations that changed to work
///
/// Each is tested first. One that is broken is named, keeps nobody else from theirs, and its app is served as before.
#[derive(clap::Args)]
pub struct Reload {}

impl Command for Reload {
    const NAME: &'static str = "nginx:reload";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let refused = ctx.platform.proxy.reload(&ctx.layout().control_socket()).await?;
        for one in &refused {
            ctx.out.warn(format!("nginx refuses the configuration of {}:", one.app));
            for line in one.why.lines() {
                ctx.out.plain_error(line);
            }
        }
        if refused.is_empty() { Ok(()) } else { Err(Failure::inner(1)) }
    }
}
