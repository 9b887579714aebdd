use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Remembers whether ps:scale may change the app.
pub struct CanScale;

impl Reaction for CanScale {
    type Trigger = triggers::PsCanScale;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let scope = Scope::from(&trigger.app);
        Ok(properties::set(ctx.layout(), "ps", &scope, "can-scale", &trigger.can_scale.to_string())?)
    }
}
