use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;

use super::legacy;

/// Turn mounts among the docker options of an app into storage entries
///
/// `-v` options for deploy and run, as releases before 0.38 kept mounts, become entries that the app mounts. All else
/// stays an option.
#[derive(clap::Args)]
pub struct Migrate {
    /// Of all apps
    #[arg(long)]
    all: bool,
    /// Name of the app
    #[arg(value_name = "NAME")]
    app: Option<AppName>,
}

impl Command for Migrate {
    const NAME: &'static str = "storage:migrate";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        match (self.app, self.all) {
            (Some(_), true) => {
                Err(Failure::user("storage:migrate accepts either an app name or --all, not both"))
            }
            (None, false) => Err(Failure::user("storage:migrate requires an app name (or --all)")),
            (Some(app), false) => {
                ctx.require_app(&app)?;
                legacy::migrate(ctx, &app)?;
                ctx.out.step(format!("Re-migrated {app}"));
                Ok(())
            }
            (None, true) => {
                let apps = ctx.apps()?;
                for app in &apps {
                    legacy::migrate(ctx, app)?;
                }
                if !apps.is_empty() {
                    ctx.out.step(format!("Re-migrated {} app(s)", apps.len()));
                }
                Ok(())
            }
        }
    }
}
