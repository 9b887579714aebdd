use crate::domains::config::change::{self, How, Others};
use crate::domains::config::set;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers::ConfigSet;

/// Does what `config:set` does.
pub struct OnConfigSet;

impl Reaction for OnConfigSet {
    type Trigger = ConfigSet;

    async fn react(ctx: &Ctx, trigger: &ConfigSet) -> Result {
        let (scope, pairs, restart) = super::words(ctx, &trigger.words)?;
        change::set(ctx, &scope, set::parse(&pairs)?, Others::Kept, How::by_trigger(ctx, restart)).await
    }
}
