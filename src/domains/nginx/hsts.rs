//! The snippet that tells browsers to stay with https: `nginx.conf.d/hsts.conf`.

use super::settings;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, Scope};
use crate::platform::files;

/// Writes or removes the snippet.
///
/// # Errors
/// When a setting cannot be read or the file not be written.
pub fn manage(ctx: &Ctx, app: &AppName, has_certificate: bool) -> Result {
    let path = ctx.layout().nginx_snippets(app).join("hsts.conf");
    let scope = Scope::from(app);
    if !has_certificate || settings::of(ctx, &scope, "hsts")? == "false" {
        files::remove(&path)?;
        return Ok(());
    }
    ctx.out.unless_quiet().detail("Enabling HSTS (using built-in template)");
    let mut header = format!("max-age={}", settings::of(ctx, &scope, "hsts-max-age")?);
    for (key, part) in [("hsts-include-subdomains", "; includeSubdomains"), ("hsts-preload", "; preload")] {
        if settings::of(ctx, &scope, key)? == "true" {
            header.push_str(part);
        }
    }
    let text = format!("add_header Strict-Transport-Security \"{header}\" always;\n");
    Ok(files::write(&path, text.as_bytes(), 0o644)?)
}
