use crate::domains::scheduler::properties::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result, Trigger};
use crate::model::Scope;
use crate::store::properties;
use crate::triggers;

/// The scheduler that is set for the app, or for all; else one that offers itself.
pub struct Detect;

impl Reaction for Detect {
    type Trigger = triggers::SchedulerDetect;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<String> {
        let (scope, app) = match trigger.app.as_str() {
            "" | "--global" => (Scope::Global, None),
            name => {
                let app: crate::model::AppName = name.parse()?;
                (Scope::App(app.clone()), Some(app))
            }
        };
        let mut chosen = properties::computed(ctx.layout(), PROPERTIES.plugin, &scope, "selected", "")?;
        let is_offered = !ctx.bus.externals(ctx.layout(), triggers::SchedulerOffer::NAME)?.is_empty();
        if let Some(app) = app.filter(|_| chosen.is_empty() && is_offered) {
            let offers = ctx.fire(triggers::SchedulerOffer { app }).await?;
            chosen = offers.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_default();
        }
        let chosen = if chosen.is_empty() { PROPERTIES.default_of("selected").to_owned() } else { chosen };
        Ok(chosen + "\n")
    }
}
