//! Routing to an app no longer.

use super::written::Written;
use crate::kernel::{Ctx, Result, Trigger};
use crate::model::AppName;
use crate::triggers;

/// Removes the configuration of an app and has nginx forget it.
///
/// # Errors
/// When the file cannot be removed or nginx cannot be told.
pub async fn clear(ctx: &Ctx, app: &AppName) -> Result {
    Written::default().write(ctx, app)?;
    Ok(ctx.platform.proxy.apply(&ctx.layout().control_socket(), app).await?)
}

/// The same, said in Dokku's words, for an app that the proxy was turned off for.
///
/// # Errors
/// As [`clear`].
pub async fn because_disabled(ctx: &Ctx, app: &AppName) -> Result {
    ctx.out.step(format!("Nginx support is disabled for app ({app})"));
    if Written::read(ctx, app)? == Written::default() {
        return Ok(());
    }
    ctx.out.step("Deleting nginx.conf");
    ctx.out.step("Reloading nginx after nginx.conf deletion");
    clear(ctx, app).await
}

/// The same for an app that another proxy leads to, or none, should nginx have led to it until now.
///
/// # Errors
/// As [`clear`].
pub async fn because_others_route(ctx: &Ctx, app: &AppName) -> Result {
    // A plugin that is a proxy itself may keep what it makes in the same place.
    let is_plugins = !ctx.bus.externals(ctx.layout(), triggers::ProxyBuildConfig::NAME)?.is_empty();
    if is_plugins || Written::read(ctx, app)? == Written::default() {
        return Ok(());
    }
    ctx.out.detail("nginx leads to it no longer");
    clear(ctx, app).await
}
