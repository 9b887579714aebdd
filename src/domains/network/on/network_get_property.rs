use crate::domains::network::properties::PROPERTIES;
use crate::kernel::{Ctx, Failure, Holds, Property, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// The effective value of a setting.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::NetworkGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let is_told = |property: &Property| property.key == trigger.key && property.holds == Holds::Both;
        if !PROPERTIES.list.iter().any(is_told) {
            return Err(Failure::user(format!("Invalid network property specified: {}", trigger.key)));
        }
        Ok(format!("{}\n", PROPERTIES.computed(ctx, &Scope::from(&trigger.app), &trigger.key)?))
    }
}
