use crate::domains::network::listeners;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// The fixed upstream of an app, as it is reached from here.
pub struct Static;

impl Reaction for Static {
    type Trigger = triggers::NetworkGetStaticListeners;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        Ok(format!("{}\n", listeners::fixed_from_here(ctx, &trigger.app)?))
    }
}
