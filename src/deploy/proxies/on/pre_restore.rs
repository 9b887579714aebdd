use std::marker::PhantomData;

use crate::deploy::proxies::LabelProxy;
use crate::deploy::proxies::start::{STATUS, start};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Has the proxy run again if it did before; what a kill has left half done is done. Apps start without it, too.
pub struct Restore<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Restore<P> {
    type Trigger = triggers::PreRestore;

    async fn react(ctx: &Ctx, _: &Self::Trigger) -> Result {
        let name = P::TABLE.name;
        let status = properties::get(ctx.layout(), name, &Scope::Global, STATUS)?;
        if status.as_deref() != Some("started") {
            return Ok(());
        }
        if let Err(failure) = start::<P>(ctx).await {
            failure.print(&ctx.out);
            ctx.out.warn(format!("Failed to restore {name} proxy, requests may not route as expected"));
        }
        Ok(())
    }
}
