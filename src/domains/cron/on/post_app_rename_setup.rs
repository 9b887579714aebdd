use crate::domains::cron::DOMAIN;
use crate::domains::cron::on::move_tasks;
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::platform::files;
use crate::store::properties;
use crate::triggers;

/// Takes settings and history along.
pub struct Move;

impl Reaction for Move {
    type Trigger = triggers::PostAppRenameSetup;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let (layout, old, new) = (ctx.layout(), &trigger.old, &trigger.new);
        properties::copy(layout, DOMAIN.plugin, old, new)?;
        move_tasks(ctx, old, new)?;
        files::copy_all(&layout.app_data(DOMAIN.plugin, old), &layout.app_data(DOMAIN.plugin, new))?;
        files::remove_folder(&layout.app_data(DOMAIN.plugin, old))?;
        Ok(properties::clear(layout, DOMAIN.plugin, &Scope::from(old))?)
    }
}
