use crate::domains::cron::DOMAIN;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers::{self, scheduler_of};

/// Tasks of an app that is gone must not run any more, and nothing is kept of them.
pub struct Forget;

impl Reaction for Forget {
    type Trigger = triggers::PostDelete;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (scheduler, app) = (scheduler_of(ctx, &trigger.app).await?, Some(trigger.app.clone()));
        ctx.fire(triggers::SchedulerCronWrite { scheduler, app }).await?;
        files::remove_folder(&ctx.layout().app_data(DOMAIN.plugin, &trigger.app))?;
        Ok(properties::clear(ctx.layout(), DOMAIN.plugin, &Scope::from(&trigger.app))?)
    }
}
