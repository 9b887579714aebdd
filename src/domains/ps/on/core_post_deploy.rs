use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::store::{Extracted, processes, properties};
use crate::triggers;

/// The release lives: its Procfile becomes the current one, types that left it are forgotten, and the app is
/// started again after a boot.
pub struct Promote;

impl Reaction for Promote {
    type Trigger = triggers::CorePostDeploy;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (layout, app) = (ctx.layout(), &trigger.app);
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        Extracted::Procfile.promote(layout, app, pid)?;
        processes::forget_old_scale(layout, app)?;
        Ok(properties::set(layout, "ps", &Scope::from(app), "restore", "true")?)
    }
}
