use crate::kernel::{Ctx, Reaction, Result};
use crate::store::acme;
use crate::triggers;

/// Renews the certificate no more; it goes with the app's folder.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        acme::remove(ctx.layout(), &trigger.app)?;
        Ok(())
    }
}
