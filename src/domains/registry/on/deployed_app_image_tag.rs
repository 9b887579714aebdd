use crate::domains::registry::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// The number under which a release was pushed last, where releases are pushed.
pub struct Tag;

impl Reaction for Tag {
    type Trigger = triggers::DeployedAppImageTag;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let scope = Scope::from(&trigger.app);
        if PROPERTIES.computed(ctx, &scope, "push-on-release")? != "true" {
            return Ok(String::new());
        }
        let number =
            properties::get(ctx.layout(), PROPERTIES.plugin, &scope, "tag-version")?.unwrap_or_default();
        Ok(if number.trim().is_empty() { "1".to_owned() } else { number.trim().to_owned() })
    }
}
