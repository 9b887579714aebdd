//! Proof by HTTP: whoever asks the app's names for a token gets the token back, with our account's thumbprint behind it.
//! That answer is the same for all tokens, so it stands in a snippet of nginx and needs no reload at a renewal. It is
//! worth nothing to others: only who holds the account's key can have it asked for.

use std::path::PathBuf;
use std::sync::Arc;

use crate::kernel::{Buffers, Ctx, Result};
use crate::model::AppName;
use crate::platform::files;
use crate::triggers::ProxyBuildConfig;

/// Makes nginx answer so.
///
/// # Errors
/// When the snippet cannot be written or nginx refuses it.
pub async fn offer(ctx: &Ctx, app: &AppName, thumbprint: &str) -> Result {
    let path = snippet(ctx, app);
    let text = format!(
        "# Made by certs:acme-enable: how an authority is shown that this is our name.\n\
         location ~ \"^/\\.well-known/acme-challenge/([-_a-zA-Z0-9]+)$\" {{\n  \
         default_type text/plain;\n  return 200 \"$1.{thumbprint}\";\n}}\n"
    );
    if files::read_text(&path)?.is_some_and(|known| known == text) {
        return Ok(());
    }
    files::write(&path, text.as_bytes(), 0o644)?;
    route(ctx, app).await
}

/// Has nginx answer so no more.
///
/// # Errors
/// When the snippet cannot be removed, or nginx refuses what is left.
pub async fn withdraw(ctx: &Ctx, app: &AppName) -> Result {
    if files::remove(&snippet(ctx, app))? { route(ctx, app).await } else { Ok(()) }
}

/// What it says of the app is not new to anybody; what it fails of is in the failure.
async fn route(ctx: &Ctx, app: &AppName) -> Result {
    ctx.printing_to(Arc::new(Buffers::default())).fire(ProxyBuildConfig { app: app.clone() }).await
}

fn snippet(ctx: &Ctx, app: &AppName) -> PathBuf {
    ctx.layout().nginx_snippets(app).join("acme.conf")
}
