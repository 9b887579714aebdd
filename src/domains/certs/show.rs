use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::AppName;
use crate::store::certificates;

/// Print the certificate of an app, or its private key
///
/// For example `dokku certs:show shop crt > server.crt`.
#[derive(clap::Args)]
pub struct Show {
    /// Name of the app
    app: AppName,
    /// crt or key
    which: Option<String>,
}

impl Command for Show {
    const NAME: &'static str = "certs:show";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let which = self.which.as_deref().unwrap_or_default();
        if !matches!(which, "crt" | "key") {
            return Err(Failure::user("specify either 'key' or 'crt'"));
        }
        let Some(pair) = certificates::read(ctx.layout(), &self.app)? else {
            return Err(Failure::user(format!("{} doesn't have an SSL endpoint defined", self.app)));
        };
        let bytes = if which == "crt" { pair.certificate } else { pair.key };
        // Whoever reads may stop in the middle.
        let _ = ctx.out.raw(Stream::Stdout, &bytes);
        Ok(())
    }
}
