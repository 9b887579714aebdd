use crate::deploy;
use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::builds::{self, Halted};

/// Cancel a build of an app
///
/// The one that runs, or the one of the id: it may also still wait in line. What it did is undone, and what served
/// before goes on serving. Once the new release serves there is nothing to cancel any more.
#[derive(clap::Args)]
pub struct Cancel {
    /// Name of the app
    app: AppName,
    /// Id of the build, as builds:list shows it
    build_id: Option<String>,
}

impl Command for Cancel {
    const NAME: &'static str = "builds:cancel";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let named = self.build_id.filter(|id| !id.is_empty());
        let Some(id) = named.clone().or(builds::current(ctx.layout(), app)?) else {
            ctx.out.step("App not currently deploying");
            return Ok(());
        };
        match deploy::begin_cancel(ctx, app, &id)? {
            Halted::Ended(record) => {
                ctx.out.step("Killing app deploy");
                deploy::end_cancel(ctx, app, &record).await
            }
            Halted::Unknown if named.is_some() => {
                Err(Failure::user(format!("No build record found for {app}/{id}")))
            }
            Halted::Unknown => {
                ctx.out.step("No matching app deploy found");
                Ok(())
            }
            Halted::Final(status) => {
                ctx.out.step(format!(
                    "Build {id} is no longer running (status={status}); leaving record untouched"
                ));
                Ok(())
            }
            Halted::TooLate => {
                Err(Failure::user(format!("Build {id} is past its switch: the new release serves already"))
                    .hint("It ends by itself in a moment; deploy an older commit to go back"))
            }
        }
    }
}
