use crate::kernel::{Ctx, Reaction, Result};
use crate::store::variables;
use crate::triggers::ConfigGet;

/// Answers with the value that is set for the scope itself.
pub struct OnConfigGet;

impl Reaction for OnConfigGet {
    type Trigger = ConfigGet;

    async fn react(ctx: &Ctx, trigger: &ConfigGet) -> Result<String> {
        let variables = variables::own(ctx.layout(), &trigger.scope)?;
        Ok(variables.get(&trigger.key).cloned().unwrap_or_default())
    }
}
