use super::repository;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Make the repository of an app
///
/// A push makes it by itself; one that is there stays as it is.
#[derive(clap::Args)]
pub struct Initialize {
    /// Name of the app
    app: AppName,
}

impl Command for Initialize {
    const NAME: &'static str = "git:initialize";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        ctx.out.unless_quiet().step(format!("Initializing git repository for {}", self.app));
        repository::initialize(ctx, &self.app).map(drop)
    }
}
