use crate::kernel::{Ctx, Reaction, Result};
use crate::store::certificates;
use crate::triggers;

/// A clone has other domains than its original, and so none of its certificates.
pub struct Without;

impl Reaction for Without {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        certificates::remove(ctx.layout(), &trigger.new)?;
        ctx.fire(triggers::PostCertsRemove { app: trigger.new.clone() }).await
    }
}
