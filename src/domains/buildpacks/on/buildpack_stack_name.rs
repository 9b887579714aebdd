use super::super::report;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// `buildpack-stack-name`: the app's stack, else the global one, else the old variable.
pub struct StackName;

impl Reaction for StackName {
    type Trigger = triggers::BuildpackStackName;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let stack = report::stack(ctx, &Scope::from(&trigger.app))?;
        Ok(if stack.is_empty() { stack } else { stack + "\n" })
    }
}
