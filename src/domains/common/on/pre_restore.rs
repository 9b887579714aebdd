use crate::deploy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `pre-restore`: what killed deploys left behind is undone before any app is started.
pub struct PreRestore;

impl Reaction for PreRestore {
    type Trigger = triggers::PreRestore;

    async fn react(ctx: &Ctx, _: &triggers::PreRestore) -> Result {
        deploy::settle_all(ctx).await
    }
}
