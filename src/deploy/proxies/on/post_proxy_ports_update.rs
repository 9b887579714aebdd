use std::marker::PhantomData;

use super::say_when;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Says when the proxy will know the new ports.
pub struct Ports<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Ports<P> {
    type Trigger = triggers::PostProxyPortsUpdate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        say_when::<P>(ctx, &trigger.app).await
    }
}
