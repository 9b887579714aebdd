//! Where the containers of an app listen, as remembered in its IP and PORT files.

use super::properties::PROPERTIES;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::files;
use crate::store::addresses;

/// The fixed upstream of an app; empty without one.
///
/// # Errors
/// When it cannot be read.
pub fn fixed(ctx: &Ctx, app: &AppName) -> Result<String> {
    PROPERTIES.computed(ctx, &Scope::from(app), "static-web-listener")
}

/// `address:port` of each container of the process type, in the order of their numbers.
///
/// # Errors
/// When a file cannot be read.
pub fn of(ctx: &Ctx, app: &AppName, process_type: &ProcessType) -> Result<Vec<String>> {
    if process_type.is_web() {
        let fixed = fixed(ctx, app)?;
        if !fixed.is_empty() {
            return Ok(vec![fixed]);
        }
    }
    let mut listeners = Vec::new();
    for index in addresses::indexes(ctx.layout(), app, process_type)? {
        let first_line = |path: std::path::PathBuf| -> Result<String> {
            let text = files::read_text(&path)?.unwrap_or_default();
            Ok(text.lines().next().unwrap_or_default().trim().to_owned())
        };
        let address = first_line(ctx.layout().container_ip(app, process_type, index))?;
        if address.is_empty() {
            continue;
        }
        let port = first_line(ctx.layout().container_port(app, process_type, index))?;
        let port = if port.is_empty() { "5000" } else { port.as_str() };
        listeners.push(format!("{address}:{port}"));
    }
    Ok(listeners)
}
