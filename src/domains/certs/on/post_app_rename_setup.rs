use crate::kernel::{Ctx, Reaction, Result};
use crate::store::{acme, certificates};
use crate::triggers;

/// Takes the certificate along, and goes on renewing it.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        if let Some(pair) = certificates::read(ctx.layout(), &trigger.old)? {
            certificates::set(ctx.layout(), &trigger.new, &pair, None)?;
        }
        Ok(acme::rename(ctx.layout(), &trigger.old, &trigger.new)?)
    }
}
