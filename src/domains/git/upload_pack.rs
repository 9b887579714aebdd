use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::git::{Protocol, upload_pack};
use crate::platform::standard_streams::{Input, Output};
use crate::triggers;

use super::repository;

/// Send commits of an app (called by git over SSH)
///
/// What `git clone` and `git fetch` talk to. Plugins may forbid it.
#[derive(clap::Args)]
pub struct UploadPack {
    /// The app, as git names the repository: quoted, with a leading slash
    app: String,
}

impl Command for UploadPack {
    const NAME: &'static str = "git-upload-pack";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = repository::app_of(&self.app)?;
        repository::make_app(ctx, &app).await?;
        // Standard output belongs to git.
        ctx.silenced().fire(triggers::GitPrePull { app: app.clone() }).await?;
        let repository = repository::initialize(ctx, &app)?;
        let protocol = Protocol::from_variable(ctx.env.get("GIT_PROTOCOL").unwrap_or_default());
        tokio::task::spawn_blocking(move || upload_pack(&mut Input, Box::new(Output), &repository, protocol))
            .await
            .map_err(|error| Failure::internal(format!("the fetch ended unexpectedly: {error}")))??;
        ctx.silenced().fire(triggers::GitPostPull { app }).await
    }
}
