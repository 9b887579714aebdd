use crate::domains::storage::mounts;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::attachments::DEPLOY;
use crate::triggers;

/// Mounts what the app's containers have: those of all process types, and those of the container's own.
pub struct Deploy;

impl Reaction for Deploy {
    type Trigger = triggers::DockerArgsDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let process_type = trigger.process_type.as_ref().map(|name| name.as_str());
        let pairs = mounts::pairs(ctx, &trigger.app, DEPLOY)?;
        mounts::arguments(pairs.iter().filter(|pair| pair.attachment.is_for(process_type)))
    }
}
