use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::variables;
use crate::triggers::PostAppCloneSetup;

/// Copies the variables. How they came to be is the other app's history.
pub struct OnPostAppCloneSetup;

impl Reaction for OnPostAppCloneSetup {
    type Trigger = PostAppCloneSetup;

    async fn react(ctx: &Ctx, trigger: &PostAppCloneSetup) -> Result {
        let old = variables::own(ctx.layout(), &Scope::from(&trigger.old))?;
        Ok(variables::change(ctx.layout(), &Scope::from(&trigger.new), |new| new.extend(old))?)
    }
}
