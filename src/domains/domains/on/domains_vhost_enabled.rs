use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::vhosts;
use crate::triggers;

/// Answers by success or failure, without a word, as plugins expect.
pub struct IsEnabled;

impl Reaction for IsEnabled {
    type Trigger = triggers::DomainsVhostEnabled;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if vhosts::is_enabled(ctx.layout(), &trigger.app)? { Ok(()) } else { Err(Failure::inner(1)) }
    }
}
