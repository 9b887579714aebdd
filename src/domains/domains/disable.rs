use super::clear::apps_of;
use super::switch;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::vhosts;

/// Turn domains off for an app
///
/// Its domains are forgotten, and it answers on a free high port instead.
#[derive(clap::Args)]
pub struct Disable {
    /// Name of the app
    #[arg(required_unless_present = "all")]
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
}

impl Command for Disable {
    const NAME: &'static str = "domains:disable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        for app in apps_of(ctx, self.app)? {
            if vhosts::is_enabled(ctx.layout(), &app)? {
                switch::off(ctx, &app).await?;
            } else {
                ctx.out.step(format!("Domains (VHOST) support is already disabled for app ({app})"));
            }
        }
        Ok(())
    }
}
