use crate::domains::certs::remove::remove;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Removes the certificate of an app.
pub struct Remove;

impl Reaction for Remove {
    type Trigger = triggers::CertsRemove;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        remove(ctx, &trigger.app).await
    }
}
