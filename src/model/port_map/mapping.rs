//! A port mapping: `scheme:host-port[/path]:[process-type:]container-port`.

use std::fmt;
use std::str::FromStr;

use super::PortScheme;
use crate::model::{Fault, ProcessType};

/// How a mapping is written.
const GRAMMAR: &str =
    "a port map is <scheme>:<host-port>:<container-port>, for example http:80:5000; ports are 1 to 65535";

/// How a mapping to more than all of web is written.
const ROUTES: &str = "a path and a process type may be named: http:80/ws:worker:3000";

/// A path that requests begin with: `/ws` means itself and all below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoutePath(String);

impl RoutePath {
    const LONGEST: usize = 200;

    /// The path, with a slash at its beginning and none at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind a port: nothing, or a path. `/` alone is everything, as nothing is.
    fn parse(text: &str) -> Result<Option<Self>, ()> {
        let path = text.trim_end_matches('/');
        // Nothing that nginx would read as more than a path.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._~@+-".contains(&byte);
        if path.is_empty() {
            return Ok(None);
        }
        let fits = path.len() <= RoutePath::LONGEST && path.bytes().all(is_plain);
        if fits && !path.contains("//") { Ok(Some(RoutePath(path.to_owned()))) } else { Err(()) }
    }
}

impl fmt::Display for RoutePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One mapping. Ports are 1 to 65535. Ordered by its text, as Dokku stores lists of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PortMap {
    /// What is spoken.
    pub scheme: PortScheme,
    /// The port the proxy listens on.
    pub host_port: u16,
    /// Which requests it is for; all without one.
    pub path: Option<RoutePath>,
    /// The process type it leads to; `web` without one.
    pub process: Option<ProcessType>,
    /// The port the container listens on.
    pub container_port: u16,
}

impl PortMap {
    /// A mapping of a whole port to web.
    pub fn of(scheme: PortScheme, host_port: u16, container_port: u16) -> Self {
        PortMap { scheme, host_port, path: None, process: None, container_port }
    }

    /// A mapping of plain HTTP.
    pub fn http(host_port: u16, container_port: u16) -> Self {
        PortMap::of(PortScheme::Http, host_port, container_port)
    }

    /// True for the mapping of a whole port to web: what Dokku knows, and what takes the place of detected ones. What
    /// leads to a path or to another process stands beside these.
    pub fn is_whole(&self) -> bool {
        self.path.is_none() && self.process.is_none()
    }

    /// The process type it leads to.
    pub fn process(&self) -> ProcessType {
        self.process.clone().unwrap_or_else(ProcessType::web)
    }

    /// The scheme, the host port and the path: what can lead to one place only.
    pub fn source(&self) -> String {
        let path = self.path.as_ref().map_or("", RoutePath::as_str);
        format!("{}:{}{path}", self.scheme.as_str(), self.host_port)
    }
}

impl fmt::Display for PortMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.source())?;
        if let Some(process) = &self.process {
            write!(f, "{process}:")?;
        }
        write!(f, "{}", self.container_port)
    }
}

impl FromStr for PortMap {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let invalid = |why: String, hint| {
            Fault::new(format!("Invalid port map {text} [{why}]")).hint(GRAMMAR).hint(hint)
        };
        let scheme_of = |word: &str| {
            word.parse::<PortScheme>().map_err(|()| {
                invalid(format!("scheme={word}"), "schemes are http, https, grpc, grpcs, tcp, tls+tcp, udp")
            })
        };
        let parts: Vec<&str> = text.split(':').collect();
        let (scheme, host, process, container) = match parts[..] {
            [scheme, host, container] => (scheme, host, None, container),
            // A port may be no process type: a fourth number is one too many.
            [scheme, host, process, container] if port(process).is_none() => {
                (scheme, host, Some(process), container)
            }
            _ => return Err(invalid(format!("len={}", parts.len()), ROUTES)),
        };
        let scheme = scheme_of(scheme)?;
        // `http:80:/ws=worker:3000` says the same as `http:80/ws:worker:3000`.
        let (host, path, process) = match process.filter(|word| word.starts_with('/')) {
            Some(word) => {
                let (path, process) = word.split_once('=').unwrap_or((word, ""));
                (host, path, Some(process).filter(|word| !word.is_empty()))
            }
            None => host.find('/').map_or((host, "", process), |at| (&host[..at], &host[at..], process)),
        };
        let host_port = port(host).ok_or_else(|| invalid(format!("hostPort={host}"), ROUTES))?;
        let container_port =
            port(container).ok_or_else(|| invalid(format!("containerPort={container}"), ROUTES))?;
        let path = RoutePath::parse(path).map_err(|()| invalid(format!("path={path}"), ROUTES))?;
        if path.is_some() && !scheme.has_paths() {
            return Err(invalid(format!("scheme={}", scheme.as_str()), "only http and https have paths"));
        }
        let process = process
            .map(|word| word.parse::<ProcessType>().map_err(|_| invalid(format!("process={word}"), ROUTES)));
        let process = process.transpose()?.filter(|process| !process.is_web());
        Ok(PortMap { scheme, host_port, path, process, container_port })
    }
}

/// A port number, 1 to 65535, in plain digits.
pub fn port(text: &str) -> Option<u16> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_plain && *port != 0)
}

/// Which mappings `ports:remove` takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortRemoval {
    /// All of a host port.
    HostPort(u16),
    /// Exactly this one.
    Exact(PortMap),
}

impl PortRemoval {
    /// True when the mapping is meant.
    pub fn takes(&self, map: &PortMap) -> bool {
        match self {
            PortRemoval::HostPort(port) => map.host_port == *port,
            PortRemoval::Exact(exact) => map == exact,
        }
    }
}

impl FromStr for PortRemoval {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match port(text) {
            Some(port) => Ok(PortRemoval::HostPort(port)),
            None => text.parse().map(PortRemoval::Exact),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_mappings_are_named_with_what_is_wrong() {
        for (text, why) in [
            ("http:80", "len=2"),
            ("80", "len=1"),
            ("http:0:5000", "hostPort=0"),
            ("http:80:65536", "containerPort=65536"),
            ("http:+80:5000", "hostPort=+80"),
            ("http:80:", "containerPort="),
            ("gopher:80:5000", "scheme=gopher"),
            ("http:80:5000:1", "len=4"),
            ("http:80:web:5000:1", "len=5"),
            ("http:80:Worker:1", "process=Worker"),
            ("http:80/a;b:1", "path=/a;b"),
            ("http:80/a//b:1", "path=/a//b"),
            ("tcp:80/a:1", "scheme=tcp"),
            ("http:/a:1", "hostPort="),
        ] {
            let fault = text.parse::<PortMap>().expect_err(text);
            assert_eq!(fault.message, format!("Invalid port map {text} [{why}]"));
        }
    }

    #[test]
    fn paths_and_process_types_are_read_in_both_spellings() {
        for (text, written) in [
            ("http:80/ws:worker:3000", "http:80/ws:worker:3000"),
            ("http:80:/ws=worker:3000", "http:80/ws:worker:3000"),
            ("http:80:/api/:3000", "http:80/api:3000"),
            ("http:80/:3000", "http:80:3000"),
            ("https:443/ws:web:3000", "https:443/ws:3000"),
            ("tcp:1883:broker:1883", "tcp:1883:broker:1883"),
            ("tls+tcp:8883:1883", "tls+tcp:8883:1883"),
            ("udp:53:5353", "udp:53:5353"),
        ] {
            let map: PortMap = text.parse().expect(text);
            assert_eq!(map.to_string(), written);
            assert_eq!(written.parse::<PortMap>().expect(written), map);
        }
    }
}
