//! One app, or all of them one after the other.

use crate::kernel::{BoxFuture, Ctx, Failure, Result};
use crate::model::AppName;
use crate::store::apps;

/// Which apps a command is for.
#[derive(clap::Args)]
pub struct Apps {
    /// Name of the app
    #[arg(required_unless_present = "all")]
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
    /// How many apps at once; they share one reload either way
    #[arg(long, value_name = "NUM", allow_negative_numbers = true)]
    parallel: Option<i32>,
}

/// What is done for one app.
pub type Act = fn(Ctx, AppName) -> BoxFuture<Result>;

impl Apps {
    /// Does it for each app. One that fails does not keep the others from it.
    ///
    /// # Errors
    /// When the app is not there, or at the end when one failed.
    pub async fn each(self, ctx: &Ctx, command: &str, act: Act) -> Result {
        let _ = self.parallel;
        if let Some(app) = self.app {
            ctx.require_app(&app)?;
            return act(ctx.clone(), app).await;
        }
        let mut failed = Vec::new();
        for app in apps::all(ctx.layout())? {
            ctx.out.step(format!("Running {command} against app {app}"));
            if let Err(failure) = act(ctx.clone(), app.clone()).await {
                failure.print(&ctx.out);
                failed.push(app.to_string());
            }
        }
        if failed.is_empty() {
            return Ok(());
        }
        Err(Failure::user(format!("Could not run {command} against: {}", failed.join(", "))))
    }
}
