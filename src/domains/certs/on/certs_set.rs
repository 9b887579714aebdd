use std::path::Path;

use crate::kernel::{Ctx, Failure, Reaction, Result};
use crate::platform::files;
use crate::store::certificates::{self, Pair};
use crate::triggers;

/// Takes over a certificate and its key from files.
pub struct Set;

impl Reaction for Set {
    type Trigger = triggers::CertsSet;

    async fn react(ctx: &Ctx, trigger: &Self::Trigger) -> Result {
        let app = &trigger.app;
        ctx.require_app(app)?;
        let pair =
            Pair { certificate: read("CRT", &trigger.crt_file)?, key: read("KEY", &trigger.key_file)? };
        certificates::set(ctx.layout(), app, &pair)?;
        ctx.fire(triggers::PostCertsUpdate { app: app.clone() }).await?;
        super::tell(ctx, app).await
    }
}

fn read(what: &str, path: &str) -> Result<Vec<u8>> {
    if path.is_empty() {
        return Err(Failure::user("Both CRT and KEY file paths are required"));
    }
    let missing =
        || Failure::user(format!("{what} file specified not found, please check file paths")).hint(path);
    files::read(Path::new(path))?.ok_or_else(missing)
}
