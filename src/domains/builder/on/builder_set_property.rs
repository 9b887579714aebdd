use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// `builder-set-property`: remembers which builder the last build used.
pub struct BuilderSetProperty;

impl Reaction for BuilderSetProperty {
    type Trigger = triggers::BuilderSetProperty;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderSetProperty) -> Result {
        Ok(properties::set(ctx.layout(), "builder", &(&trigger.app).into(), &trigger.key, &trigger.value)?)
    }
}
