use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Asks for the timer that clears the builder's cache.
pub struct Install;

impl Reaction for Install {
    type Trigger = triggers::Install;

    async fn react(ctx: &Ctx, _: &Self::Trigger) -> Result {
        ctx.fire(triggers::InstallBuilderPrune {}).await
    }
}
