use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::AppName;
use crate::platform::files;
use crate::store::apps;

/// Test the nginx configuration of one app or of all
///
/// Says nothing when all is well. What is broken does not serve: nginx goes on with the last good one.
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
        let mut tested = Vec::new();
        for app in apps {
            if files::exists(&ctx.layout().nginx_conf(&app)) {
                tested.push(app);
            } else if !ctx.out.is_quiet() {
                ctx.out.warn(format!("No nginx config found for {app}"));
            }
        }
        if tested.is_empty() {
            return Ok(());
        }
        let refused = ctx.platform.proxy.test(&ctx.layout().control_socket(), &tested).await?;
        let mut is_broken = false;
        for one in &refused {
            let app: AppName = one.app.parse()?;
            ctx.out.warn(format!("Failed to validate nginx config for {app}. Contents below..."));
            let bytes = files::read(&ctx.layout().nginx_conf(&app))?.unwrap_or_default();
            let _ = ctx.out.raw(Stream::Stdout, &bytes);
            for line in one.why.lines() {
                ctx.out.plain_error(line);
            }
            if self.clean {
                ctx.out.warn("Removing invalid nginx file");
                super::clear::clear(ctx, &app).await?;
            } else {
                is_broken = true;
            }
        }
        if is_broken { Err(Failure::inner(1)) } else { Ok(()) }
    }
}
