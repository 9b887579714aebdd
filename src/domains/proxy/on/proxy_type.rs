use crate::domains::proxy::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// Which proxy routes to the app.
pub struct Type;

impl Reaction for Type {
    type Trigger = triggers::ProxyType;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        Ok(format!("{}\n", PROPERTIES.computed(ctx, &Scope::from(&trigger.app), "type")?))
    }
}
