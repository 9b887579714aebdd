use std::path::Path;

use super::build::TYPE;
use super::settings;
use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::{AppName, Scope};
use crate::platform::tail;
use crate::triggers::{self, DOCKER_LOCAL, scheduler_of};

/// Show the last 20 lines of the access log of an app
#[derive(clap::Args)]
pub struct AccessLogs {
    /// Name of the app
    app: AppName,
    /// Go on with lines as they come
    #[arg(short = 't', long)]
    tail: bool,
}

impl Command for AccessLogs {
    const NAME: &'static str = "nginx:access-logs";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        show(ctx, &self.app, "access", self.tail).await
    }
}

/// Shows the end of a log, and what is added to it when it is followed.
///
/// # Errors
/// When the app has no such log, or it cannot be read.
pub async fn show(ctx: &Ctx, app: &AppName, kind: &str, is_followed: bool) -> Result {
    const LINES: usize = 20;
    ctx.require_app(app)?;
    let scheduler = scheduler_of(ctx, app).await?;
    if scheduler != DOCKER_LOCAL {
        return ctx
            .fire(triggers::SchedulerProxyLogs {
                scheduler,
                app: app.clone(),
                proxy_type: TYPE.to_owned(),
                log_type: kind.to_owned(),
                tail: is_followed,
                num: 20,
            })
            .await;
    }
    let path = settings::of(ctx, &Scope::from(app), &format!("{kind}-log-path"))?;
    if path == "off" || path == "/dev/null" {
        return Err(Failure::user(format!("{kind} logs are disabled for this app")));
    }
    let path = Path::new(&path);
    let mut position = tail::last_lines(path, if is_followed { 10 } else { LINES })?;
    // Whoever reads may stop in the middle: then there is nothing left to do.
    let mut goes_on = ctx.out.raw(Stream::Stdout, &position.bytes).is_ok();
    while is_followed && goes_on {
        position = tail::more(path, position).await?;
        goes_on = ctx.out.raw(Stream::Stdout, &position.bytes).is_ok();
    }
    Ok(())
}
