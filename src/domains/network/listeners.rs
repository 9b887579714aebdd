//! Where the containers of an app listen, as remembered in its IP and PORT files.

use super::properties::PROPERTIES;
use crate::kernel::{Ctx, Result};
use crate::model::{AppName, ProcessType, Scope};
use crate::platform::files;
use crate::store::{addresses, own_place};

/// The fixed upstream of an app, as it was set; empty without one.
///
/// # Errors
/// When it cannot be read.
pub fn fixed(ctx: &Ctx, app: &AppName) -> Result<String> {
    PROPERTIES.computed(ctx, &Scope::from(app), "static-web-listener")
}

/// The fixed upstream of an app, as it is reached from here: whoever says localhost means the Docker host, not the
/// inside of the appliance's container.
///
/// # Errors
/// When it cannot be read.
pub fn fixed_from_here(ctx: &Ctx, app: &AppName) -> Result<String> {
    let fixed = fixed(ctx, app)?;
    if !is_loopback(host_of(&fixed)) {
        return Ok(fixed);
    }
    let host = own_place::host(ctx.layout())?;
    Ok(match port_of(&fixed) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// True for the names of the machine that says them.
pub fn is_loopback(host: &str) -> bool {
    host == "localhost" || host == "::1" || host.starts_with("127.")
}

/// The host of `host:port`.
pub fn host_of(listener: &str) -> &str {
    let host = match listener.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        Some(_) | None => listener,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

/// The port of `host:port`.
pub fn port_of(listener: &str) -> Option<u16> {
    listener.rsplit_once(':')?.1.parse().ok()
}

/// `address:port` of each container of the process type, in the order of their numbers, as it is reached from here.
///
/// # Errors
/// When a file cannot be read.
pub fn of(ctx: &Ctx, app: &AppName, process_type: &ProcessType) -> Result<Vec<String>> {
    if process_type.is_web() {
        let fixed = fixed_from_here(ctx, app)?;
        if !fixed.is_empty() {
            return Ok(vec![fixed]);
        }
    }
    of_containers(ctx, app, process_type)
}

/// The same of an app without a fixed upstream.
///
/// # Errors
/// When a file cannot be read.
pub fn of_containers(ctx: &Ctx, app: &AppName, process_type: &ProcessType) -> Result<Vec<String>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port_of_a_listener() {
        for (listener, host, port) in [
            ("10.0.0.2:5000", "10.0.0.2", Some(5000)),
            ("10.0.0.2", "10.0.0.2", None),
            ("[::1]:80", "::1", Some(80)),
            ("[::1]", "::1", None),
        ] {
            assert_eq!((host_of(listener), port_of(listener)), (host, port), "{listener}");
        }
    }

    #[test]
    fn the_names_of_the_machine_itself() {
        assert!(["localhost", "127.0.0.1", "127.1.2.3", "::1"].into_iter().all(is_loopback));
        assert!(!["172.17.0.1", "10.0.0.127", "", "localhost.example.com"].into_iter().any(is_loopback));
    }
}
