use std::marker::PhantomData;

use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// Gives a clone the settings and labels of its original.
pub struct Copy<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Copy<P> {
    type Trigger = triggers::PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::copy(ctx.layout(), P::TABLE.name, &trigger.old, &trigger.new)?)
    }
}
