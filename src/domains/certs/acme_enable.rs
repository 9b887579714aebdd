use super::acme::{Wanted, obtain, withdraw_proof};
use crate::kernel::{Command, Ctx, Gate, Result};
use crate::model::AppName;
use crate::store::acme;

/// Have an authority issue the certificate of an app, and renew it
///
/// Let's Encrypt does unless another one is named. It is asked at once, for all domains of the app, and proves them by
/// HTTP on port 80, or by DNS with the help of a script. From two thirds of the certificate's lifetime on, and when the
/// app's domains change, the server asks for the next one. With this command its terms of service are agreed to.
///
/// `--dns-provider` names an executable file in `data/certs/--dns-providers`, which the server's owner puts there. It is
/// called as `present _acme-challenge.example.com. VALUE` and returns when the record of type TXT can be seen, and later
/// with `cleanup`. An authority of your own is trusted when its certificate stands in `data/certs/--authorities`.
#[derive(clap::Args)]
pub struct AcmeEnable {
    /// Name of the app
    app: AppName,
    /// Whom the authority writes to
    #[arg(long)]
    email: Option<String>,
    /// Use Let's Encrypt's server for trials, whose certificates browsers do not take
    #[arg(long)]
    staging: bool,
    /// Another authority: the https address of its ACME directory
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Prove the domains by DNS, with this script; needed for wildcards
    #[arg(long, value_name = "NAME")]
    dns_provider: Option<String>,
}

impl Command for AcmeEnable {
    const NAME: &'static str = "certs:acme-enable";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let Self { app, email, staging, server, dns_provider } = self;
        ctx.require_app(&app)?;
        let settings = Wanted { email, staging, server, dns_provider }.settings(ctx)?;
        match obtain(ctx, &app, settings).await {
            Ok(kept) => {
                acme::write(ctx.layout(), &app, &kept)?;
                if kept.dns_provider.is_empty() { Ok(()) } else { withdraw_proof(ctx, &app).await }
            }
            Err(failure) => {
                if acme::read(ctx.layout(), &app)?.is_none() {
                    withdraw_proof(ctx, &app).await?;
                }
                Err(failure)
            }
        }
    }
}
