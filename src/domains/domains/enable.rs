use super::clear::apps_of;
use super::switch;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::vhosts;

/// Turn domains on for an app
///
/// It gets the default domains, as a new app does.
#[derive(clap::Args)]
pub struct Enable {
    /// Name of the app
    #[arg(required_unless_present = "all")]
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
}

impl Command for Enable {
    const NAME: &'static str = "domains:enable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        for app in apps_of(ctx, self.app)? {
            if vhosts::is_enabled(ctx.layout(), &app)? {
                ctx.out.step(format!("Domains (VHOST) support is already enabled for app ({app})"));
            } else {
                switch::on(ctx, &app).await?;
            }
        }
        Ok(())
    }
}
