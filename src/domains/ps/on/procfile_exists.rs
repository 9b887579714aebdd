use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::Extracted;
use crate::triggers;

/// Fails unless the app has a Procfile.
pub struct Exists;

impl Reaction for Exists {
    type Trigger = triggers::ProcfileExists;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        match Extracted::Procfile.file(ctx.layout(), &trigger.app, pid) {
            Some(_) => Ok(()),
            None => Err(Failure::user("Procfile does not exist")),
        }
    }
}
