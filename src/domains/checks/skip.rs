use super::lists::{self, List};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Deploy without checks
///
/// New containers still start before the old ones stop.
#[derive(clap::Args)]
pub struct Skip {
    /// Name of the app
    app: AppName,
    /// Only these process types, separated by commas
    #[arg(value_name = "PROCESS_TYPES")]
    process_types: Option<String>,
}

impl Command for Skip {
    const NAME: &'static str = "checks:skip";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let names = lists::named(self.process_types.as_deref());
        match &names {
            None => ctx.out.step(format!("Skipping zero downtime for app ({app})")),
            Some(names) => {
                let names = names.join(",");
                ctx.out.step(format!("Skipping zero downtime for app's ({app}) proctypes ({names})"));
            }
        }
        lists::put(ctx, app, List::Skipped, names.as_deref())
    }
}
