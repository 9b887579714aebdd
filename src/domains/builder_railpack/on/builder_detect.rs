use super::super::PROPERTIES;
use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `builder-detect`: code with a `railpack.json` (contract: formats.md section 2).
pub struct BuilderDetect;

impl Reaction for BuilderDetect {
    type Trigger = triggers::BuilderDetect;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result<Vec<String>> {
        let path = PROPERTIES.computed(ctx, &(&trigger.app).into(), "railpackjson-path")?;
        let Some(code) = ctx.code(&trigger.work_dir) else { return Ok(Vec::new()) };
        Ok(if code.contains(&path)? { vec!["railpack".to_owned()] } else { Vec::new() })
    }
}
