use crate::domains::scheduler::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers;

/// The scheduler that is set for the app, or for all.
pub struct Detect;

impl Reaction for Detect {
    type Trigger = triggers::SchedulerDetect;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let scope = match trigger.app.as_str() {
            "" | "--global" => Scope::Global,
            app => Scope::App(app.parse()?),
        };
        Ok(format!("{}\n", PROPERTIES.computed(ctx, &scope, "selected")?))
    }
}
