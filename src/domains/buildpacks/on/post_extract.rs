use std::path::Path;

use crate::kernel::{Ctx, Reaction, Result};
use crate::platform::files;
use crate::store::buildpacks;
use crate::triggers;

/// `post-extract`: refuses what is no buildpack before anything is built. Where the code is written out for
/// plugins, they find `.buildpacks` as the build will see it.
pub struct Write;

impl Reaction for Write {
    type Trigger = triggers::PostExtract;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let Some(code) = &ctx.source else { return Ok(()) };
        let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
        let text = buildpacks::file(ctx.layout(), &trigger.app, pid, code.as_ref())?;
        let folder = Path::new(&trigger.work_dir);
        match text {
            Some(text) if files::exists(folder) => {
                Ok(files::write(&folder.join(buildpacks::FILE), text.as_bytes(), 0o600)?)
            }
            Some(_) | None => Ok(()),
        }
    }
}
