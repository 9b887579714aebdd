use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::buildpacks;

/// Remove all buildpacks of an app
#[derive(clap::Args)]
pub struct Clear {
    /// Name of the app
    app: AppName,
}

impl Command for Clear {
    const NAME: &'static str = "buildpacks:clear";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        buildpacks::change(ctx.layout(), &self.app, |list| {
            list.clear();
            Ok(())
        })
    }
}
