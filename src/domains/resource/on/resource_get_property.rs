use crate::domains::resource::stored::{Kind, effective};
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// Tells the value of a resource: that of the process type, else that of all.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::ResourceGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let kind = if trigger.kind == Kind::Reserve.word() { Kind::Reserve } else { Kind::Limit };
        let value = effective(ctx, &trigger.app, &trigger.process_type, kind, &trigger.key)?;
        Ok(value.unwrap_or_default())
    }
}
