use crate::domains::storage::mounts;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::attachments::RUN;
use crate::triggers;

/// Mounts what one-off containers have. They are of no process type; that of a mount is no reason to leave it out.
pub struct Run;

impl Reaction for Run {
    type Trigger = triggers::DockerArgsRun;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        mounts::arguments(mounts::pairs(ctx, &trigger.app, RUN)?.iter())
    }
}
