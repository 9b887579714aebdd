use crate::domains::ports::forward;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Forgets the mappings of a destroyed app, and takes back what was published for it.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::clear(ctx.layout(), "ports", &Scope::from(&trigger.app))?;
        // An app must be destroyable with the engine down; the server looks again.
        if let Err(failure) = forward::follow(ctx, &trigger.app).await {
            ctx.out.warn(failure.to_string());
        }
        Ok(())
    }
}
