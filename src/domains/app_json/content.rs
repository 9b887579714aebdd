//! The app.json that holds now.

use crate::kernel::{Ctx, Result};
use crate::model::{AppJson, AppName};
use crate::store::Extracted;

/// That of the deploy in progress, else that of the running release; an empty one where there is none.
///
/// # Errors
/// When it cannot be read or understood.
pub fn current(ctx: &Ctx, app: &AppName) -> Result<AppJson> {
    let pid = ctx.env.get("DOKKU_PID").unwrap_or_default();
    let text = Extracted::AppJson.read(ctx.layout(), app, pid)?;
    Ok(text.as_deref().map(AppJson::parse).transpose()?.unwrap_or_default())
}
