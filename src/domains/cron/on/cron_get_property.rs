use crate::domains::cron::DOMAIN;
use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::store::properties;
use crate::triggers;

/// The value for this very scope, or the default.
pub struct Get;

impl Reaction for Get {
    type Trigger = triggers::CronGetProperty;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let default = match trigger.key.as_str() {
            "mailfrom" | "mailto" => "",
            "maintenance" => "false",
            _ => return Err(Failure::user("Invalid cron property specified")),
        };
        let value = properties::get(ctx.layout(), DOMAIN.plugin, &trigger.scope, &trigger.key)?;
        Ok(value.unwrap_or_else(|| default.to_owned()) + "\n")
    }
}
