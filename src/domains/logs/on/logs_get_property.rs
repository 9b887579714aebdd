use crate::domains::logs::properties::PROPERTIES;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// The effective value of max-size.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::LogsGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        if trigger.key != "max-size" {
            return Err(Failure::user(format!("Invalid logs property specified: {}", trigger.key)));
        }
        Ok(format!("{}\n", PROPERTIES.computed(ctx, &Scope::from(&trigger.app), "max-size")?))
    }
}
