use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers::PostAppCloneSetup;

/// Copies the properties, when it was made among them, as Dokku does.
pub struct OnPostAppCloneSetup;

impl Reaction for OnPostAppCloneSetup {
    type Trigger = PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppCloneSetup) -> Result {
        Ok(properties::copy(ctx.layout(), "apps", &trigger.old, &trigger.new)?)
    }
}
