use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::{config_history, variables};
use crate::triggers::PostAppRenameSetup;

/// Copies the variables and their history; the old ones go when the old app is destroyed.
pub struct OnPostAppRenameSetup;

impl Reaction for OnPostAppRenameSetup {
    type Trigger = PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppRenameSetup) -> Result {
        let old = variables::own(ctx.layout(), &Scope::from(&trigger.old))?;
        config_history::copy(ctx.layout(), &trigger.old, &trigger.new)?;
        Ok(variables::change(ctx.layout(), &Scope::from(&trigger.new), |new| new.extend(old))?)
    }
}
