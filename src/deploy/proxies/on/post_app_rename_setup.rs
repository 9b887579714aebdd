use std::marker::PhantomData;

use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes settings and labels along.
pub struct Move<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Move<P> {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), P::TABLE.name, &trigger.old, &trigger.new)?;
        Ok(properties::clear(ctx.layout(), P::TABLE.name, &Scope::from(&trigger.old))?)
    }
}
