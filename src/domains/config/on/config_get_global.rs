use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::variables;
use crate::triggers::ConfigGetGlobal;

/// Answers with the value that is set for all apps.
pub struct OnConfigGetGlobal;

impl Reaction for OnConfigGetGlobal {
    type Trigger = ConfigGetGlobal;

    async fn react(ctx: &Ctx, trigger: &ConfigGetGlobal) -> Result<String> {
        let variables = variables::own(ctx.layout(), &Scope::Global)?;
        Ok(variables.get(&trigger.key).cloned().unwrap_or_default())
    }
}
