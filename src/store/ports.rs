//! Port mappings and the ports that the proxy listens on: lists and values of the property store.

use super::{Layout, properties};
use crate::model::port_map::{self, PortMap, PortScheme, ProxyPorts};
use crate::model::{AppName, Outcome, Scope};
use crate::platform::lock;

const PLUGIN: &str = "ports";
const PROXY: &str = "proxy";
const USER: &str = "map";
const DETECTED: &str = "map-detected";

/// One of the two ports that the default mappings of an app stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyPort {
    /// Of plain http.
    Plain,
    /// Of https.
    Tls,
}

impl ProxyPort {
    /// The property of the proxy that holds it.
    pub fn key(self) -> &'static str {
        match self {
            ProxyPort::Plain => "proxy-port",
            ProxyPort::Tls => "proxy-ssl-port",
        }
    }

    /// What holds when nothing was ever said.
    pub fn usual(self) -> u16 {
        match self {
            ProxyPort::Plain => 80,
            ProxyPort::Tls => 443,
        }
    }
}

/// The mappings that the user set.
///
/// # Errors
/// When the list cannot be read.
pub fn user(layout: &Layout, app: &AppName) -> Outcome<Vec<PortMap>> {
    Ok(port_map::stored(&properties::list(layout, PLUGIN, &app.into(), USER)?))
}

/// Those of them that lead to a path or to another process than web.
///
/// # Errors
/// When the list cannot be read.
pub fn routes(layout: &Layout, app: &AppName) -> Outcome<Vec<PortMap>> {
    Ok(user(layout, app)?.into_iter().filter(|map| !map.is_whole()).collect())
}

/// Those of them that the proxy passes on without understanding them. What a build found exposed is not served so:
/// two apps of one image would both want the port.
///
/// # Errors
/// When the list cannot be read.
pub fn streams(layout: &Layout, app: &AppName) -> Outcome<Vec<PortMap>> {
    Ok(user(layout, app)?.into_iter().filter(|map| map.scheme.is_stream()).collect())
}

/// Stores the mappings that the user sets; none forgets the list.
///
/// # Errors
/// When it cannot be written.
pub fn set_user(layout: &Layout, app: &AppName, maps: &[PortMap]) -> Outcome {
    set(layout, app, USER, maps)
}

/// The mappings that the last build found, as they are stored.
///
/// # Errors
/// When the list cannot be read.
pub fn detected(layout: &Layout, app: &AppName) -> Outcome<Vec<PortMap>> {
    Ok(port_map::stored(&properties::list(layout, PLUGIN, &app.into(), DETECTED)?))
}

/// Stores the mappings that a build found; none forgets the list.
///
/// # Errors
/// When it cannot be written.
pub fn set_detected(layout: &Layout, app: &AppName, maps: &[PortMap]) -> Outcome {
    set(layout, app, DETECTED, maps)
}

fn set(layout: &Layout, app: &AppName, key: &str, maps: &[PortMap]) -> Outcome {
    if maps.is_empty() {
        return properties::unset(layout, PLUGIN, &app.into(), key);
    }
    properties::set_list(layout, PLUGIN, &app.into(), key, &port_map::sorted(maps))
}

/// Has the detected http mappings of one host port stand on another: the container's port was found by a
/// build and stays right when the proxy turns to another port.
///
/// # Errors
/// When the list cannot be read or written.
pub fn move_detected(layout: &Layout, app: &AppName, from: u16, to: u16) -> Outcome {
    let _lock = locked(layout, app)?;
    let mut maps = detected(layout, app)?;
    for map in maps.iter_mut().filter(|map| map.scheme == PortScheme::Http && map.host_port == from) {
        map.host_port = to;
    }
    set_detected(layout, app, &maps)
}

/// Holds the lock of an app's mappings: for each read that a write depends on.
///
/// # Errors
/// When the lock file cannot be made.
pub fn locked(layout: &Layout, app: &AppName) -> Outcome<lock::Lock> {
    properties::locked(layout, PLUGIN, &app.into())
}

/// The port as it is stored for this scope itself. What is no port number counts as none.
///
/// # Errors
/// When the value cannot be read.
pub fn own_proxy_port(layout: &Layout, scope: &Scope, port: ProxyPort) -> Outcome<Option<u16>> {
    let value = properties::get(layout, PROXY, scope, port.key())?;
    Ok(value.and_then(|value| port_map::port(value.trim())))
}

/// The port of the app, else the global one.
///
/// # Errors
/// When a value cannot be read.
pub fn proxy_port(layout: &Layout, app: &AppName, port: ProxyPort) -> Outcome<Option<u16>> {
    Ok(match own_proxy_port(layout, &app.into(), port)? {
        Some(own) => Some(own),
        None => own_proxy_port(layout, &Scope::Global, port)?,
    })
}

/// Stores the port of an app, or forgets it.
///
/// # Errors
/// When it cannot be written.
pub fn set_proxy_port(layout: &Layout, app: &AppName, port: ProxyPort, value: Option<u16>) -> Outcome {
    match value {
        Some(value) => properties::set(layout, PROXY, &app.into(), port.key(), &value.to_string()),
        None => properties::unset(layout, PROXY, &app.into(), port.key()),
    }
}

/// Both ports of an app, with what is known about its certificate.
///
/// # Errors
/// When a value cannot be read.
pub fn proxy_ports(layout: &Layout, app: &AppName, has_certificate: bool) -> Outcome<ProxyPorts> {
    Ok(ProxyPorts {
        plain: proxy_port(layout, app, ProxyPort::Plain)?,
        tls: proxy_port(layout, app, ProxyPort::Tls)?,
        has_certificate,
    })
}
