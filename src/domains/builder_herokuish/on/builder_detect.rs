use super::super::{BUILDER, is_allowed};
use crate::kernel::{Ctx, Reaction, Result};
use crate::store::buildpacks;
use crate::triggers;

/// `builder-detect`: code or settings that name buildpacks (contract: formats.md section 2).
pub struct BuilderDetect;

impl Reaction for BuilderDetect {
    type Trigger = triggers::BuilderDetect;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderDetect) -> Result<Vec<String>> {
        let Some(code) = ctx.code(&trigger.work_dir) else { return Ok(Vec::new()) };
        let app = &trigger.app;
        if !is_allowed(ctx, app)? {
            return Ok(Vec::new());
        }
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let is_wanted = buildpacks::are_named(ctx.layout(), app, pid, code.as_ref())?;
        Ok(if is_wanted { vec![BUILDER.to_owned()] } else { Vec::new() })
    }
}
