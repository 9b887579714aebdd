use std::marker::PhantomData;

use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Forgets settings and labels of a destroyed app.
pub struct Forget<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Forget<P> {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(properties::clear(ctx.layout(), P::TABLE.name, &Scope::from(&trigger.app))?)
    }
}
