use super::lists;
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;

/// Turn zero-downtime deploys on
///
/// Undoes checks:disable and checks:skip.
#[derive(clap::Args)]
pub struct Enable {
    /// Name of the app
    app: AppName,
    /// Only these process types, separated by commas
    #[arg(value_name = "PROCESS_TYPES")]
    process_types: Option<String>,
}

impl Command for Enable {
    const NAME: &'static str = "checks:enable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let names = lists::named(self.process_types.as_deref());
        match &names {
            None => ctx.out.step(format!("Enabling zero downtime for app's ({app})")),
            Some(names) => {
                let names = names.join(",");
                ctx.out.step(format!("Enabling zero downtime for app's ({app}) proctypes ({names})"));
            }
        }
        lists::clear(ctx, app, names.as_deref())
    }
}
