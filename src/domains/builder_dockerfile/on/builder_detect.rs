use crate::kernel::{Ctx, Reaction, Result};
use crate::triggers;

/// `builder-detect`: a Dockerfile, unless the code asks for buildpacks (contract: formats.md section 2).
pub struct BuilderDetect;

impl Reaction for BuilderDetect {
    type Trigger = triggers::BuilderDetect;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderDetect) -> Result<Vec<String>> {
        let Some(source) = &ctx.source else { return Ok(Vec::new()) };
        let has_dockerfile = super::super::build::has_dockerfile(ctx, &trigger.app, source.as_ref())?;
        if has_dockerfile && !source.contains(".buildpacks")? && !source.contains("project.toml")? {
            return Ok(vec!["dockerfile".to_owned()]);
        }
        Ok(Vec::new())
    }
}
