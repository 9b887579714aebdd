use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::variables;
use crate::triggers::PostAppRenameSetup;

/// Copies the variables; the old ones go when the old app is destroyed.
pub struct OnPostAppRenameSetup;

impl Reaction for OnPostAppRenameSetup {
    type Trigger = PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppRenameSetup) -> Result {
        let old = variables::own(ctx.layout(), &Scope::from(&trigger.old))?;
        Ok(variables::change(ctx.layout(), &Scope::from(&trigger.new), |new| new.extend(old))?)
    }
}
