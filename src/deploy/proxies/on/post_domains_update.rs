use std::marker::PhantomData;

use super::say_when;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Says when the proxy will know the new domains.
pub struct Domains<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Domains<P> {
    type Trigger = triggers::PostDomainsUpdate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        say_when::<P>(ctx, &trigger.app).await
    }
}
