use crate::kernel::{Ctx, Reaction, Result};
use crate::store::Extracted;
use crate::triggers;

/// The app.json that holds now: of the deploy in progress, or of the running release.
pub struct Content;

impl Reaction for Content {
    type Trigger = triggers::AppJsonGetContent;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let text = Extracted::AppJson.read(ctx.layout(), &trigger.app, pid)?;
        Ok(text.unwrap_or_else(|| "{}\n".to_owned()))
    }
}
