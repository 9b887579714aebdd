use crate::kernel::{Ctx, Reaction, Result};
use crate::store::retired;
use crate::triggers;

/// Makes the folder of the app.
pub struct Begin;

impl Reaction for Begin {
    type Trigger = triggers::PostCreate;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        Ok(retired::make_folder(ctx.layout(), &trigger.app)?)
    }
}
