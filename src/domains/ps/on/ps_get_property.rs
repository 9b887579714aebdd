use super::super::properties::PROPERTIES;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// The effective value of a setting.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::PsGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let key = trigger.key.as_str();
        if !["restart-policy", "restore", "skip-deploy", "stop-timeout-seconds"].contains(&key) {
            return Err(Failure::user(format!("Invalid ps property specified: {key}")));
        }
        Ok(format!("{}\n", PROPERTIES.computed(ctx, &Scope::from(&trigger.app), key)?))
    }
}
