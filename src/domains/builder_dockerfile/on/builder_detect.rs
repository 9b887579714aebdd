use crate::kernel::{Ctx, Reaction, Result};
use crate::store::{buildpacks, properties};
use crate::triggers;

/// `builder-detect`: a Dockerfile, unless the code asks for buildpacks (contract: formats.md section 2).
pub struct BuilderDetect;

impl Reaction for BuilderDetect {
    type Trigger = triggers::BuilderDetect;

    async fn react(ctx: &Ctx, trigger: &triggers::BuilderDetect) -> Result<Vec<String>> {
        let Some(source) = ctx.code(&trigger.work_dir) else { return Ok(Vec::new()) };
        let app = &trigger.app;
        let for_pack = properties::computed(
            ctx.layout(),
            "builder-pack",
            &app.into(),
            "projecttoml-path",
            "project.toml",
        )?;
        if !super::super::build::has_dockerfile(ctx, app, source.as_ref())? || source.contains(&for_pack)? {
            return Ok(Vec::new());
        }
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let is_for_herokuish = buildpacks::are_named(ctx.layout(), app, pid, source.as_ref())?;
        Ok(if is_for_herokuish { Vec::new() } else { vec!["dockerfile".to_owned()] })
    }
}
