use std::marker::PhantomData;

use super::is_ours;
use crate::deploy::proxies::{LabelProxy, reach};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Sees to it that the proxy reaches the new containers; their labels have told it of them already.
pub struct Lead<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for Lead<P> {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        if !is_ours::<P>(ctx, app).await? {
            return Ok(());
        }
        let name = P::TABLE.name;
        ctx.out.step(format!("Routing app via {name}"));
        P::note(ctx, app)?;
        if !ctx.fire(triggers::ProxyIsEnabled { app: app.clone() }).await? {
            return Ok(());
        }
        reach::reach_app(ctx, name, P::TABLE.commands.start, app).await
    }
}
