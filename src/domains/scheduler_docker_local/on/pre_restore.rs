use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Takes the files of releases that an older Dokku made out of their images, before anything is started by them.
pub struct AdoptFiles;

impl Reaction for AdoptFiles {
    type Trigger = triggers::PreRestore;

    async fn react(ctx: &Ctx, _: &Self::Trigger) -> Result {
        deploy::adopt_files(ctx).await
    }
}
