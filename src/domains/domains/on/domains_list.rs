use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::vhosts;
use crate::triggers;

/// The domains of an app; none when they are turned off.
pub struct List;

impl Reaction for List {
    type Trigger = triggers::DomainsList;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<Vec<String>> {
        if !vhosts::is_enabled(ctx.layout(), &trigger.app)? {
            return Ok(Vec::new());
        }
        Ok(vhosts::read(ctx.layout(), &Scope::from(&trigger.app))?)
    }
}
