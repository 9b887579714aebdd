//! The mappings as they take effect.

use crate::kernel::{Ctx, Result};
use crate::model::AppName;
use crate::model::port_map::{self, PortMap};
use crate::store::ports;
use crate::triggers;

/// The user's mappings, else the detected ones, else the default.
///
/// # Errors
/// When they cannot be read.
pub async fn effective(ctx: &Ctx, app: &AppName) -> Result<Vec<PortMap>> {
    let user = ports::user(ctx.layout(), app)?;
    let stored = ports::detected(ctx.layout(), app)?;
    let proxy_ports = ports::proxy_ports(ctx.layout(), app, has_certificate(ctx, app).await?)?;
    Ok(port_map::effective(&user, &stored, proxy_ports))
}

/// The detected mappings as they would take effect.
///
/// # Errors
/// When they cannot be read.
pub async fn detected(ctx: &Ctx, app: &AppName) -> Result<Vec<PortMap>> {
    let stored = ports::detected(ctx.layout(), app)?;
    let proxy_ports = ports::proxy_ports(ctx.layout(), app, has_certificate(ctx, app).await?)?;
    Ok(port_map::detected(&stored, proxy_ports))
}

/// True when the app has a certificate, or a proxy that gets one by itself.
///
/// # Errors
/// When a proxy that is asked fails.
pub async fn has_certificate(ctx: &Ctx, app: &AppName) -> Result<bool> {
    if ctx.fire(triggers::CertsExists { app: app.clone() }).await? {
        return Ok(true);
    }
    Ok(ctx.fire(triggers::CertsForce { app: app.clone() }).await?.trim() == "true")
}

/// Mappings as JSON, in the order and with the names that Dokku gives them; a path and a process type where there are any.
pub fn json(maps: &[PortMap]) -> String {
    let rows: Vec<_> = maps
        .iter()
        .map(|map| {
            let mut row = serde_json::json!({
                "container_port": map.container_port,
                "host_port": map.host_port,
                "scheme": map.scheme.as_str(),
            });
            if let Some(path) = &map.path {
                row["path"] = path.as_str().into();
            }
            if let Some(process) = &map.process {
                row["process_type"] = process.as_str().into();
            }
            row
        })
        .collect();
    serde_json::Value::Array(rows).to_string()
}
