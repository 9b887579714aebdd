//! Where containers were last seen to listen: IP and PORT files in the app's folder.

use super::Layout;
use crate::model::{AppName, Outcome, ProcessType};
use crate::platform::files;

/// The numbers of the containers of a process type whose address is on record, ascending.
///
/// # Errors
/// When the app's folder cannot be read.
pub fn indexes(layout: &Layout, app: &AppName, process_type: &ProcessType) -> Outcome<Vec<u32>> {
    let prefix = format!("IP.{process_type}.");
    let names = files::names(&layout.app(app))?;
    let mut indexes: Vec<u32> =
        names.iter().filter_map(|name| name.strip_prefix(&prefix)?.parse().ok()).collect();
    indexes.sort_unstable();
    Ok(indexes)
}

/// Remembers the address of a container.
///
/// # Errors
/// When the file cannot be written.
pub fn write_address(
    layout: &Layout,
    app: &AppName,
    process_type: &ProcessType,
    index: u32,
    address: &str,
) -> Outcome {
    files::write(&layout.container_ip(app, process_type, index), address.as_bytes(), 0o644)
}

/// Remembers the port of a container.
///
/// # Errors
/// When the file cannot be written.
pub fn write_port(
    layout: &Layout,
    app: &AppName,
    process_type: &ProcessType,
    index: u32,
    port: &str,
) -> Outcome {
    files::write(&layout.container_port(app, process_type, index), port.as_bytes(), 0o644)
}

/// Forgets all addresses and ports of an app.
///
/// # Errors
/// When a file cannot be removed.
pub fn forget(layout: &Layout, app: &AppName) -> Outcome {
    let folder = layout.app(app);
    for name in files::names(&folder)? {
        if name.starts_with("IP.") || name.starts_with("PORT.") {
            files::remove(&folder.join(name))?;
        }
    }
    Ok(())
}
