use std::path::Path;

use crate::domains::cron::tasks;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::AppJson;
use crate::platform::files;
use crate::triggers;

/// Refuses tasks that could never run, before anything is built.
pub struct Check;

impl Reaction for Check {
    type Trigger = triggers::AppJsonIsValid;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let Some(text) = files::read_text(Path::new(&trigger.path))? else { return Ok(()) };
        tasks::check(ctx, &trigger.app, &AppJson::parse(&text)?)
    }
}
