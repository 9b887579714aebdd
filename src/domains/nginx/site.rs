//! What nginx is to do for an app, as a value: no file is read to render it, none written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::handover::Handover;
use super::settings::Settings;
use crate::model::port_map::{PortMap, PortScheme, RoutePath};
use crate::model::{AppName, ProcessType};

/// The server blocks of an app. Its `Display` is the configuration.
#[derive(Clone, Debug)]
pub struct NginxSite {
    /// The names it answers to; none for whoever asks on its ports.
    pub domains: Vec<String>,
    /// One per mapping that nginx serves.
    pub servers: Vec<Server>,
    /// One per process type and container port; none where nothing runs.
    pub upstreams: Vec<Upstream>,
    /// How it is served.
    pub settings: Settings,
    /// What stands before the port in `listen`: an IPv4 address and a colon, nothing, an IPv6 address and a colon.
    pub addresses: Vec<String>,
    /// Where forwarders hand over connections, if there are any.
    pub handover: Option<Handover>,
    /// The folder of certificate and key.
    pub tls: PathBuf,
    /// The folder of pages for errors.
    pub error_pages: PathBuf,
    /// The folder of snippets for each server block.
    pub snippets: PathBuf,
    /// True when nginx wants `http2 on` instead of a word behind `listen` (from 1.25.1).
    pub has_http2_directive: bool,
}

impl NginxSite {
    /// Where forwarders hand over connections to a port, if one does.
    pub fn handover_on(&self, port: u16) -> Option<&Handover> {
        self.handover.as_ref().filter(|handover| handover.ports.contains(&port))
    }
}

/// One server block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The port it listens on.
    pub port: u16,
    /// True when it speaks TLS.
    pub is_tls: bool,
    /// What it does with requests for which it has no location.
    pub does: Does,
    /// Requests that go elsewhere, by their path.
    pub locations: Vec<Location>,
}

/// Requests of one path, and all below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path.
    pub path: RoutePath,
    /// Where they go; nowhere while nothing runs there.
    pub upstream: Option<String>,
}

/// What a server block does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Passes it to the containers of this upstream.
    Pass(String),
    /// The same for gRPC.
    PassGrpc(String),
    /// Sends it to https, on this port.
    Redirect(u16),
    /// Answers 502: nothing runs.
    Refuse,
    /// Answers 404: the port serves some paths only.
    NotFound,
}

/// The containers of a process type behind one container port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// What server blocks call it.
    pub name: String,
    /// `address:port` of each container.
    pub servers: Vec<String>,
}

/// Where containers listen: `address:port` of each, by process type. A type of which nothing runs is not there.
pub type Listeners = BTreeMap<ProcessType, Vec<String>>;

/// What decides which server blocks there are.
pub struct Routes<'a> {
    /// The app.
    pub app: &'a AppName,
    /// The mappings, those that need a missing certificate left out.
    pub maps: &'a [PortMap],
    /// Where containers listen.
    pub listeners: &'a Listeners,
    /// The port of https, when the app has a certificate.
    pub tls_port: Option<u16>,
    /// The port that plain requests are then sent to, as people outside reach it.
    pub redirect_to: Option<u16>,
}

impl Routes<'_> {
    /// The server blocks, in the order of the mappings.
    pub fn servers(&self) -> Vec<Server> {
        let of_ports = self.maps.iter().filter(|map| map.path.is_none());
        let mut servers: Vec<Server> = of_ports.filter_map(|map| self.server(map)).collect();
        for map in self.maps.iter().filter(|map| map.path.is_some()) {
            let is_tls = map.scheme == PortScheme::Https;
            if !servers.iter().any(|server| server.port == map.host_port && server.is_tls == is_tls) {
                let does = self.redirect(map).unwrap_or(Does::NotFound);
                servers.push(Server { port: map.host_port, is_tls, does, locations: Vec::new() });
            }
        }
        for server in &mut servers {
            server.locations = self.locations(server);
        }
        servers
    }

    fn server(&self, map: &PortMap) -> Option<Server> {
        let upstream = self.upstream(map);
        let (is_tls, does) = match map.scheme {
            PortScheme::Http => (false, self.redirect(map).or(upstream.map(Does::Pass))),
            PortScheme::Https => (true, upstream.map(Does::Pass)),
            PortScheme::Grpc => (false, Some(Does::PassGrpc(upstream?))),
            PortScheme::Grpcs => (true, Some(Does::PassGrpc(upstream?))),
            PortScheme::Tcp | PortScheme::TlsTcp | PortScheme::Udp => return None,
        };
        let does = does.unwrap_or(Does::Refuse);
        Some(Server { port: map.host_port, is_tls, does, locations: Vec::new() })
    }

    fn redirect(&self, map: &PortMap) -> Option<Does> {
        let is_plain = map.scheme == PortScheme::Http && map.host_port == 80;
        self.redirect_to.filter(|_| is_plain).map(Does::Redirect)
    }

    /// The paths of a server block. Those of plain http on port 80 hold for https too, which requests are sent on to.
    fn locations(&self, server: &Server) -> Vec<Location> {
        if !matches!(server.does, Does::Pass(_) | Does::Refuse | Does::NotFound) {
            return Vec::new();
        }
        let scheme = if server.is_tls { PortScheme::Https } else { PortScheme::Http };
        let own = |map: &&PortMap| map.scheme == scheme && map.host_port == server.port;
        let is_sent_on = server.is_tls && self.tls_port == Some(server.port);
        let plain = |map: &&PortMap| is_sent_on && map.scheme == PortScheme::Http && map.host_port == 80;
        let mut locations: Vec<Location> = Vec::new();
        for map in self.maps.iter().filter(own).chain(self.maps.iter().filter(plain)) {
            let Some(path) = &map.path else { continue };
            if locations.iter().all(|known| known.path != *path) {
                locations.push(Location { path: path.clone(), upstream: self.upstream(map) });
            }
        }
        locations
    }

    /// What the mapping's upstream is called, if anything runs there.
    fn upstream(&self, map: &PortMap) -> Option<String> {
        let process = map.process();
        self.listeners.contains_key(&process).then(|| upstream_name(self.app, &process, map.container_port))
    }

    /// One upstream per process type and container port, in the order of the mappings.
    pub fn upstreams(&self) -> Vec<Upstream> {
        upstreams(self.app, self.maps.iter(), self.listeners)
    }
}

/// One upstream per process type and container port of these mappings.
pub fn upstreams<'a>(
    app: &AppName,
    maps: impl Iterator<Item = &'a PortMap>,
    listeners: &Listeners,
) -> Vec<Upstream> {
    let mut upstreams: Vec<Upstream> = Vec::new();
    for map in maps {
        let (process, port) = (map.process(), map.container_port);
        let Some(listeners) = listeners.get(&process) else { continue };
        let name = upstream_name(app, &process, port);
        if upstreams.iter().all(|upstream| upstream.name != name) {
            let servers = listeners.iter().map(|listener| at(listener, port)).collect();
            upstreams.push(Upstream { name, servers });
        }
    }
    upstreams
}

/// For web Dokku's name. An underscore before another type's: no app's name holds one, so that no two are the same.
pub fn upstream_name(app: &AppName, process: &ProcessType, port: u16) -> String {
    if process.is_web() { format!("{app}-{port}") } else { format!("{app}_{process}-{port}") }
}

/// The listener's host with another port.
fn at(listener: &str, port: u16) -> String {
    let host = match listener.rsplit_once(':') {
        Some((host, digits)) if !digits.contains(']') => host,
        Some(_) | None => listener,
    };
    format!("{host}:{port}")
}
