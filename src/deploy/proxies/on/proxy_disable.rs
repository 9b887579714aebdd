use std::marker::PhantomData;

use super::is_ours;
use crate::deploy::proxies::LabelProxy;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Has the app started anew, so that its containers lose their labels.
pub struct TurnOff<P>(PhantomData<P>);

impl<P: LabelProxy> Reaction for TurnOff<P> {
    type Trigger = triggers::ProxyDisable;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = trigger.app.clone();
        if is_ours::<P>(ctx, &app).await? { ctx.fire(triggers::AppRestart { app }).await } else { Ok(()) }
    }
}
