//! What nginx is to do for an app, as a value: no file is read to render it, none written.

use std::path::PathBuf;

use super::settings::Settings;
use crate::model::AppName;
use crate::model::port_map::{PortMap, PortScheme};

/// The server blocks of an app. Its `Display` is the configuration.
#[derive(Clone, Debug)]
pub struct NginxSite {
    /// The app.
    pub app: AppName,
    /// The names it answers to; none for whoever asks on its ports.
    pub domains: Vec<String>,
    /// One per mapping that nginx serves.
    pub servers: Vec<Server>,
    /// One per container port; none while nothing runs.
    pub upstreams: Vec<Upstream>,
    /// How it is served.
    pub settings: Settings,
    /// What stands before the port in `listen`: an IPv4 address and a colon, nothing, an IPv6 address and a colon.
    pub addresses: Vec<String>,
    /// The folder of certificate and key.
    pub tls: PathBuf,
    /// The folder of pages for errors.
    pub error_pages: PathBuf,
    /// The folder of snippets for each server block.
    pub snippets: PathBuf,
    /// True when nginx wants `http2 on` instead of a word behind `listen` (from 1.25.1).
    pub has_http2_directive: bool,
}

/// One server block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The port it listens on.
    pub port: u16,
    /// True when it speaks TLS.
    pub is_tls: bool,
    /// What it does.
    pub does: Does,
}

/// What a server block does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// Passes it to the containers, on this port.
    Pass(u16),
    /// The same for gRPC.
    PassGrpc(u16),
    /// Sends it to https, on this port.
    Redirect(u16),
    /// Answers 502: nothing runs.
    Refuse,
}

/// The containers behind one container port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upstream {
    /// The port.
    pub port: u16,
    /// `address:port` of each container.
    pub servers: Vec<String>,
}

/// What decides which server blocks there are.
pub struct Routes<'a> {
    /// The mappings, those that need a missing certificate left out.
    pub maps: &'a [PortMap],
    /// `address:port` of each web container.
    pub listeners: &'a [String],
    /// The port that plain requests are sent to when the app has a certificate.
    pub redirect_to: Option<u16>,
}

impl Routes<'_> {
    /// The server blocks, in the order of the mappings.
    pub fn servers(&self) -> Vec<Server> {
        self.maps.iter().filter_map(|map| self.server(map)).collect()
    }

    fn server(&self, map: &PortMap) -> Option<Server> {
        let runs = !self.listeners.is_empty();
        let pass = if runs { Does::Pass(map.container_port) } else { Does::Refuse };
        let (is_tls, does) = match map.scheme {
            PortScheme::Http => match self.redirect_to {
                Some(port) if map.host_port == 80 => (false, Does::Redirect(port)),
                Some(_) | None => (false, pass),
            },
            PortScheme::Https => (true, pass),
            PortScheme::Grpc if runs => (false, Does::PassGrpc(map.container_port)),
            PortScheme::Grpcs if runs => (true, Does::PassGrpc(map.container_port)),
            PortScheme::Grpc | PortScheme::Grpcs | PortScheme::Tcp | PortScheme::Udp => return None,
        };
        Some(Server { port: map.host_port, is_tls, does })
    }

    /// One upstream per container port, in the order of the mappings.
    pub fn upstreams(&self) -> Vec<Upstream> {
        if self.listeners.is_empty() {
            return Vec::new();
        }
        let mut upstreams: Vec<Upstream> = Vec::new();
        for map in self.maps {
            let port = map.container_port;
            if upstreams.iter().all(|upstream| upstream.port != port) {
                let servers = self.listeners.iter().map(|listener| at(listener, port)).collect();
                upstreams.push(Upstream { port, servers });
            }
        }
        upstreams
    }
}

/// The listener's host with another port.
fn at(listener: &str, port: u16) -> String {
    let host = match listener.rsplit_once(':') {
        Some((host, digits)) if !digits.contains(']') => host,
        Some(_) | None => listener,
    };
    format!("{host}:{port}")
}
