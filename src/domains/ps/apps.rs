//! One app, or all of them.

use crate::kernel::{BoxFuture, Ctx, Failure, Result, all_apps};
use crate::model::AppName;

/// Which apps a command is for.
#[derive(clap::Args)]
pub struct Apps {
    /// Name of the app
    #[arg(required_unless_present = "all")]
    app: Option<AppName>,
    /// All apps
    #[arg(long)]
    all: bool,
    /// How many apps at once; -1 is one per processor
    #[arg(long, value_name = "NUM", default_value_t = 0, allow_negative_numbers = true)]
    parallel: i64,
}

impl Apps {
    /// Does it for the app, or for each of all.
    ///
    /// # Errors
    /// When the app is not there, or at the end when one failed.
    pub async fn each(
        self,
        ctx: &Ctx,
        command: &str,
        act: impl Fn(Ctx, AppName) -> BoxFuture<Result>,
    ) -> Result {
        if self.all {
            return all_apps::each(ctx, command, self.parallel, act).await;
        }
        let app = self.one(ctx)?;
        act(ctx.clone(), app).await
    }

    /// True with `--all`.
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// True when one app is named.
    pub fn is_one(&self) -> bool {
        self.app.is_some()
    }

    /// The app.
    ///
    /// # Errors
    /// When it is not there.
    pub fn one(self, ctx: &Ctx) -> Result<AppName> {
        let app = self.app.ok_or_else(|| Failure::user("Please specify an app to run the command on"))?;
        ctx.require_app(&app)?;
        Ok(app)
    }
}
