use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::builds::{self, Status};

/// Cancel the running build of an app
///
/// What served before goes on serving.
#[derive(clap::Args)]
pub struct Cancel {
    /// Name of the app
    app: AppName,
}

impl Command for Cancel {
    const NAME: &'static str = "builds:cancel";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let Some(id) = builds::current(ctx.layout(), app)? else {
            ctx.out.step("App not currently deploying");
            return Ok(());
        };
        let Some(record) = builds::load(ctx.layout(), app, &id)? else {
            ctx.out.step("No matching app deploy found");
            return Ok(());
        };
        if record.status != Status::Running {
            let status = record.status;
            ctx.out
                .step(format!("Build {id} is no longer running (status={status}); leaving record untouched"));
            return Ok(());
        }
        ctx.out.step("Killing app deploy");
        builds::cancel(ctx.layout(), app, &id, ctx.platform.clock.now())?;
        Ok(())
    }
}
