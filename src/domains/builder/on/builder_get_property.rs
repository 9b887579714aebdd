use crate::kernel::{Ctx, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// `builder-get-property`: the value as it is stored for the app.
pub struct BuilderGetProperty;

impl Reaction for BuilderGetProperty {
    type Trigger = triggers::BuilderGetProperty;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderGetProperty) -> Result<String> {
        let value = properties::get(ctx.layout(), "builder", &(&trigger.app).into(), &trigger.key)?;
        Ok(value.unwrap_or_default() + "\n")
    }
}
