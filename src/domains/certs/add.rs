use super::given::Given;
use crate::kernel::{Command, Ctx, Gate, Result};

/// Add a certificate and its key to an app
///
/// They are read from files on the server, or from a tar archive on standard input that holds one `.crt` and one `.key`
/// file: `tar c server.crt server.key | ssh dokku@host certs:add shop`. The certificates of the issuer stand behind the
/// server's own in the same file. A certificate that clients would refuse is refused, with the reason, and changes nothing.
#[derive(clap::Args)]
pub struct Add {
    #[command(flatten)]
    given: Given,
}

impl Command for Add {
    const NAME: &'static str = "certs:add";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        self.given.install(ctx).await
    }
}
