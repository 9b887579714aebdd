use super::build;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::AppName;
use crate::platform::files;
use crate::triggers::{self, DOCKER_LOCAL, scheduler_of};

/// Show the nginx configuration of an app
///
/// Where another scheduler runs the proxy, it is asked.
#[derive(clap::Args)]
pub struct ShowConfig {
    /// Name of the app
    app: AppName,
}

impl Command for ShowConfig {
    const NAME: &'static str = "nginx:show-config";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        ctx.require_app(&self.app)?;
        let scheduler = scheduler_of(ctx, &self.app).await?;
        if scheduler != DOCKER_LOCAL {
            let (app, proxy_type) = (self.app, build::TYPE.to_owned());
            return ctx.fire(triggers::SchedulerProxyConfig { scheduler, app, proxy_type }).await;
        }
        if !build::is_ours(ctx, &self.app).await? {
            return Err(Failure::user("This command is only available for apps with the nginx proxy type"));
        }
        let Some(bytes) = files::read(&ctx.layout().nginx_conf(&self.app))? else {
            return Err(Failure::user(format!("No nginx.conf exists for {}", self.app))
                .hint("it is made by the first deploy, or by proxy:build-config"));
        };
        // Whoever reads may stop in the middle.
        let _ = ctx.out.raw(Stream::Stdout, &bytes);
        if let Some(bytes) = files::read(&ctx.layout().nginx_stream_conf(&self.app))? {
            let _ = ctx.out.raw(Stream::Stdout, &bytes);
        }
        Ok(())
    }
}
