use crate::domains::ports::read;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::triggers;

/// The mappings as they take effect.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::PortsGet;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<Vec<String>> {
        let maps = read::effective(ctx, &trigger.app).await?;
        match trigger.format.as_str() {
            "" | "stdout" => Ok(maps.iter().map(ToString::to_string).collect()),
            "json" => Ok(vec![read::json(&maps)]),
            other => Err(Failure::user(format!("Invalid format specified: {other}"))),
        }
    }
}
