use super::url::print;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Show all URLs of an app
///
/// First those with the ports that the proxy listens on, then further ones that answer, for example under
/// the number by which the host publishes such a port.
#[derive(clap::Args)]
pub struct Urls {
    /// Name of the app
    app: AppName,
}

impl Command for Urls {
    const NAME: &'static str = "urls";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        print(ctx, self.app, "urls").await
    }
}
