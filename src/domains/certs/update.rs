use super::given::Given;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Replace the certificate of an app
///
/// As certs:add, which does the same: the certificate that is there serves until the new one is accepted.
#[derive(clap::Args)]
pub struct Update {
    #[command(flatten)]
    given: Given,
}

impl Command for Update {
    const NAME: &'static str = "certs:update";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.given.install(ctx).await
    }
}
