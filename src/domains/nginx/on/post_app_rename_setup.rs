use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// Takes the settings along. The routes are made anew when the app is built under its new name.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        properties::copy(ctx.layout(), "nginx", &trigger.old, &trigger.new)?;
        properties::clear(ctx.layout(), "nginx", &Scope::from(&trigger.old))?;
        ctx.fire(triggers::ProxyClearConfig { app: trigger.new.to_string() }).await
    }
}
