use crate::kernel::{Command, Ctx, Failure, Gate, Result};
use crate::platform::git::upload_archive;
use crate::platform::standard_streams::{Input, Output};

use super::repository;

/// Send the files of a commit as an archive (called by git over SSH)
///
/// What `git archive --remote` talks to.
#[derive(clap::Args)]
pub struct UploadArchive {
    /// The app, as git names the repository: quoted, with a leading slash
    app: String,
}

impl Command for UploadArchive {
    const NAME: &'static str = "git-upload-archive";
    const GATE: Gate = Gate::Internal;

    async fn run(self, ctx: &Ctx) -> Result {
        let app = repository::app_of(&self.app)?;
        ctx.require_app(&app)?;
        let repository = repository::initialize(ctx, &app)?;
        tokio::task::spawn_blocking(move || upload_archive(&mut Input, Box::new(Output), &repository))
            .await
            .map_err(|error| Failure::internal(format!("the archive ended unexpectedly: {error}")))??;
        Ok(())
    }
}
