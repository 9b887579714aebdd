//! Routing to an app no longer.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::platform::files;

/// Removes the configuration of an app and has nginx forget it.
///
/// # Errors
/// When the file cannot be removed or nginx cannot be told.
pub async fn clear(ctx: &Ctx, app: &AppName) -> Result {
    files::remove(&ctx.layout().nginx_conf(app))?;
    Ok(ctx.platform.proxy.apply(&ctx.layout().control_socket(), app).await?)
}

/// The same, said in Dokku's words, for an app that the proxy was turned off for.
///
/// # Errors
/// As [`clear`].
pub async fn because_disabled(ctx: &Ctx, app: &AppName) -> Result {
    ctx.out.step(format!("Nginx support is disabled for app ({app})"));
    if !files::exists(&ctx.layout().nginx_conf(app)) {
        return Ok(());
    }
    ctx.out.step("Deleting nginx.conf");
    ctx.out.step("Reloading nginx after nginx.conf deletion");
    clear(ctx, app).await
}
