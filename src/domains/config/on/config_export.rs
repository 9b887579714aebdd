use crate::domains::config::{format, target};
use crate::kernel::{Ctx, Reaction, Result};
use crate::model::Scope;
use crate::triggers::ConfigExport;

/// Answers with all variables.
pub struct OnConfigExport;

impl Reaction for OnConfigExport {
    type Trigger = ConfigExport;

    async fn react(ctx: &Ctx, trigger: &ConfigExport) -> Result<String> {
        let scope = match trigger.is_global {
            true => Scope::Global,
            false => {
                let app = trigger.app.parse()?;
                ctx.require_app(&app)?;
                Scope::App(app)
            }
        };
        format::print(&target::read(ctx, &scope, trigger.is_merged)?, &trigger.format)
    }
}
