use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::certificates;
use crate::triggers;

/// The certificate or its key.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::CertsGet;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let pair = certificates::read(ctx.layout(), &trigger.app)?.ok_or_else(|| Failure::inner(1))?;
        let bytes = match trigger.key_type.as_str() {
            "crt" => pair.certificate,
            "key" => pair.key,
            _ => return Err(Failure::inner(1)),
        };
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
