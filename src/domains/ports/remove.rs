use super::change::{change, missing};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppName, PortRemoval};

/// Remove port mappings from an app
#[derive(clap::Args)]
pub struct Remove {
    /// Name of the app
    app: AppName,
    /// What to remove: all mappings of a <host-port>, or one as ports:list shows it, with colons
    #[arg(value_name = "HOST_PORT_OR_MAP")]
    removals: Vec<PortRemoval>,
}

impl Command for Remove {
    const NAME: &'static str = "ports:remove";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        if self.removals.is_empty() {
            return Err(missing());
        }
        change(ctx, &self.app, "remove", |mut all| {
            all.retain(|map| !self.removals.iter().any(|removal| removal.takes(map)));
            Ok(all)
        })
        .await
    }
}
