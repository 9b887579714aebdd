use crate::kernel::{Ctx, Reaction, Result};
use crate::store::buildpacks;
use crate::triggers;

/// `builder-detect`: a Dockerfile, unless the code asks for buildpacks (contract: formats.md section 2).
pub struct BuilderDetect;

impl Reaction for BuilderDetect {
    type Trigger = triggers::BuilderDetect;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderDetect) -> Result<Vec<String>> {
        let Some(source) = &ctx.source else { return Ok(Vec::new()) };
        let app = &trigger.app;
        if !super::super::build::has_dockerfile(ctx, app, source.as_ref())?
            || source.contains("project.toml")?
        {
            return Ok(Vec::new());
        }
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let is_for_herokuish = buildpacks::are_named(ctx.layout(), app, pid, source.as_ref())?;
        Ok(if is_for_herokuish { Vec::new() } else { vec!["dockerfile".to_owned()] })
    }
}
