use crate::domains::checks::properties::PROPERTIES;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// The effective value of wait-to-retire.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::ChecksGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if trigger.key != "wait-to-retire" {
            return Err(Failure::inner(1));
        }
        Ok(format!("{}\n", PROPERTIES.computed(ctx, &Scope::from(&trigger.app), &trigger.key)?))
    }
}
