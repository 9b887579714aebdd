use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::model::AppName;
use crate::store::takeover::{Report, adopt_mounts};

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
        let mut report = Report::begin(ctx.layout(), ctx.platform.clock.now());
        match (self.app, self.all) {
            (Some(_), true) => {
                Err(Failure::user("storage:migrate accepts either an app name or --all, not both"))
            }
            (None, false) => Err(Failure::user("storage:migrate requires an app name (or --all)")),
            (Some(app), false) => {
                ctx.require_app(&app)?;
                adopt_mounts(ctx.layout(), &app, &mut report)?;
                ctx.out.step(format!("Re-migrated {app}"));
                Ok(())
            }
            (None, true) => {
                let apps = ctx.apps()?;
                for app in &apps {
                    adopt_mounts(ctx.layout(), app, &mut report)?;
                }
                if !apps.is_empty() {
                    ctx.out.step(format!("Re-migrated {} app(s)", apps.len()));
                }
                Ok(())
            }
        }
    }
}
