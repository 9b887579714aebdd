use crate::deploy::checks::{self, Defaults};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::{AppJson, AppName, Context, ProcessType};
use crate::store::Extracted;

/// Do what an app wants done about a liveness check that failed
///
/// The server runs this when it has given up on a container: what an app.json says in `onFailure` is run as the user of
/// apps, never as the server.
#[derive(clap::Args)]
pub struct Tell {
    /// Name of the app
    app: AppName,
    /// Process type of the container
    process_type: ProcessType,
    /// Name of the check
    #[arg(allow_hyphen_values = true)]
    check: String,
    /// What each try said
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    errors: Vec<String>,
}

impl Command for Tell {
    const NAME: &'static str = "checks:tell";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let Some(text) = Extracted::AppJson.read(ctx.layout(), &self.app, "")? else { return Ok(()) };
        let (app_json, defaults) = (AppJson::parse(&text)?, Defaults::of(ctx.layout(), &self.app)?);
        let lasting = checks::lasting(&app_json, &self.process_type, &defaults);
        let of_that_name = lasting.into_iter().filter(|check| check.name == self.check);
        let Some(wanted) = of_that_name.filter_map(|check| check.on_failure).next() else { return Ok(()) };
        let told = checks::tell(&wanted, &ctx.env, &self.check, &self.errors).await;
        Ok(told.context(|| format!("{}: what is wanted when check '{}' fails", self.app, self.check))?)
    }
}
