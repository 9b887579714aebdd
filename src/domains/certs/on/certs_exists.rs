use crate::kernel::{Ctx, Reaction, Result};
use crate::store::certificates;
use crate::triggers;

/// Whether the app has a certificate and its key.
pub struct Exists;

impl Reaction for Exists {
    type Trigger = triggers::CertsExists;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<bool> {
        Ok(certificates::exists(ctx.layout(), &trigger.app))
    }
}
