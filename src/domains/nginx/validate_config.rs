use super::{build, clear, own_template, pre_validate};
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::AppName;
use crate::platform::files;
use crate::platform::proxy::Refused;
use crate::store::apps;

/// Test the nginx configuration of one app or of all
///
/// Says nothing when all is well. What is broken does not serve: nginx goes on with the last good one. The app's own
/// nginx.conf.sigil is tried as well: would it be refused by the next deploy or change of domains, that is said now.
#[derive(clap::Args)]
pub struct ValidateConfig {
    /// Name of the app; all without one
    app: Option<AppName>,
    /// Delete those that are broken
    #[arg(long)]
    clean: bool,
}

impl Command for ValidateConfig {
    const NAME: &'static str = "nginx:validate-config";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let apps = match self.app {
            Some(app) => {
                ctx.require_app(&app)?;
                vec![app]
            }
            None => apps::all(ctx.layout())?,
        };
        let (tested, without): (Vec<_>, Vec<_>) =
            apps.iter().cloned().partition(|app| files::exists(&ctx.layout().nginx_conf(app)));
        let mut is_broken = false;
        let refused = match tested.is_empty() {
            true => Vec::new(),
            false => ctx.platform.proxy.test(&ctx.layout().control_socket(), &tested).await?,
        };
        // Who looks for what is wrong may be looking for that.
        if !refused.is_empty() && !ctx.out.is_quiet() {
            without.iter().for_each(|app| ctx.out.warn(format!("No nginx config found for {app}")));
        }
        for one in refused {
            let app = one.app.parse()?;
            show(ctx, &app, &one)?;
            if self.clean {
                ctx.out.warn("Removing invalid nginx file");
                clear::clear(ctx, &app).await?;
            } else {
                is_broken = true;
            }
        }
        for app in &apps {
            if let Some(why) = fault_of_template(ctx, app).await? {
                ctx.out.warn(format!("Failed to validate the nginx.conf.sigil of {app}: {why}"));
                is_broken = true;
            }
        }
        if is_broken { Err(Failure::inner(1)) } else { Ok(()) }
    }
}

fn show(ctx: &Ctx, app: &AppName, refused: &Refused) -> Result {
    ctx.out.warn(format!("Failed to validate nginx config for {app}. Contents below..."));
    let bytes = files::read(&ctx.layout().nginx_conf(app))?.unwrap_or_default();
    // Whoever reads may have seen enough.
    let _ = ctx.out.raw(Stream::Stdout, &bytes);
    refused.why.lines().for_each(|line| ctx.out.plain_error(line));
    Ok(())
}

async fn fault_of_template(ctx: &Ctx, app: &AppName) -> Result<Option<String>> {
    let has_own = own_template::of_app(ctx, app)?.is_some();
    if has_own && build::is_ours(ctx, app).await? { pre_validate::fault(ctx, app).await } else { Ok(None) }
}
