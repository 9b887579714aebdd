use crate::kernel::{Ctx, Reaction, Result};
use crate::store::processes;
use crate::triggers;

/// The scale of the app.
pub struct Scale;

impl Reaction for Scale {
    type Trigger = triggers::PsCurrentScale;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        Ok(processes::scale(ctx.layout(), &trigger.app)?.to_string())
    }
}
