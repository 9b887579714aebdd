use crate::kernel::{Command, Ctx, Failure, Gate, Result, Stream};
use crate::model::AppName;
use crate::platform::files;
use crate::platform::follow::Follower;
use crate::store::builds;

/// How many lines of a running build are shown before it is followed.
const LINES_BEFORE: usize = 1000;

/// Show the log of a build
///
/// Without an id, or with `current`, of the one that runs; its log is followed until it ends.
#[derive(clap::Args)]
pub struct Output {
    /// Name of the app
    app: AppName,
    /// Id of the build, or current
    build_id: Option<String>,
}

impl Command for Output {
    const NAME: &'static str = "builds:output";
    const GATE: Gate = Gate::User;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = &self.app;
        ctx.require_app(app)?;
        let id = match self.build_id.as_deref() {
            None | Some("" | "current") => match builds::current(ctx.layout(), app)? {
                None => {
                    ctx.out.step("App not currently deploying");
                    return Ok(());
                }
                Some(id) => id,
            },
            Some(id) => id.to_owned(),
        };
        if !builds::is_id(&id) {
            return Err(Failure::user(format!("No build record found for {app}/{id}")));
        }
        let path = builds::log_path(ctx.layout(), app, &id);
        if !files::exists(&path) {
            return Err(Failure::user(format!("No log found for build {id} of {app}"))
                .hint(format!("builds:list {app} shows which builds there are")));
        }
        show(ctx, app, &id).await
    }
}

async fn show(ctx: &Ctx, app: &AppName, id: &str) -> Result {
    let path = builds::log_path(ctx.layout(), app, id);
    let is_running = || -> Result<bool> {
        Ok(builds::load(ctx.layout(), app, id)?.is_some_and(|record| record.is_running()))
    };
    if !is_running()? {
        let bytes = files::read(&path)?.unwrap_or_default();
        // Whoever reads may have seen enough.
        let _ = ctx.out.raw(Stream::Stdout, &bytes);
        return Ok(());
    }
    let mut follower = Follower::from_end(&path, LINES_BEFORE)?;
    loop {
        // Asked before the read: what a build wrote before it ended is then in what is read.
        let goes_on = is_running()?;
        let bytes = if goes_on { follower.next().await? } else { follower.added()? };
        let is_gone = !bytes.is_empty() && ctx.out.raw(Stream::Stdout, &bytes).is_err();
        if is_gone || !goes_on {
            return Ok(());
        }
    }
}
