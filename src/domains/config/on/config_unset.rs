use crate::domains::config::change::{self, How};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::ConfigUnset;

/// Does what `config:unset` does.
pub struct OnConfigUnset;

impl Reaction for OnConfigUnset {
    type Trigger = ConfigUnset;

    async fn react(ctx: &Ctx, trigger: &ConfigUnset) -> Result {
        let (scope, keys, restart) = super::words(ctx, &trigger.words)?;
        change::unset(ctx, &scope, keys, How::by_trigger(ctx, restart)).await
    }
}
