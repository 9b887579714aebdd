use crate::domains::proxy::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// Whether the proxy routes to the app.
pub struct IsEnabled;

impl Reaction for IsEnabled {
    type Trigger = triggers::ProxyIsEnabled;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<bool> {
        Ok(PROPERTIES.computed(ctx, &Scope::from(&trigger.app), "disabled")? != "true")
    }
}
