use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::buildpacks;

/// List the buildpacks of an app in their order
#[derive(clap::Args)]
pub struct List {
    /// Name of the app
    app: AppName,
}

impl Command for List {
    const NAME: &'static str = "buildpacks:list";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        ctx.out.unless_quiet().step(format!("{} buildpack urls", self.app));
        for url in buildpacks::list(ctx.layout(), &self.app)? {
            ctx.out.detail(url);
        }
        Ok(())
    }
}
