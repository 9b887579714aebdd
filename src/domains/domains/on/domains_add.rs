use crate::domains::domains::add;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Adds a domain for another domain or a plugin.
pub struct AddOne;

impl Reaction for AddOne {
    type Trigger = triggers::DomainsAdd;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        add::add(ctx, &trigger.app, &[trigger.domain.parse()?]).await
    }
}
