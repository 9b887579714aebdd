//! A port mapping: `scheme:host-port:container-port`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::Fault;

/// What is spoken on a mapped port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortScheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS, ended by the proxy.
    Https,
    /// gRPC without TLS.
    Grpc,
    /// gRPC over TLS, ended by the proxy.
    Grpcs,
    /// Bytes; nginx does not serve it.
    Tcp,
    /// Datagrams; nginx does not serve it.
    Udp,
}

impl PortScheme {
    /// The scheme as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            PortScheme::Http => "http",
            PortScheme::Https => "https",
            PortScheme::Grpc => "grpc",
            PortScheme::Grpcs => "grpcs",
            PortScheme::Tcp => "tcp",
            PortScheme::Udp => "udp",
        }
    }
}

impl FromStr for PortScheme {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "http" => PortScheme::Http,
            "https" => PortScheme::Https,
            "grpc" => PortScheme::Grpc,
            "grpcs" => PortScheme::Grpcs,
            "tcp" => PortScheme::Tcp,
            "udp" => PortScheme::Udp,
            _ => return Err(()),
        })
    }
}

/// One mapping. Ports are 1 to 65535. Ordered by its text, as Dokku stores lists of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PortMap {
    /// What is spoken.
    pub scheme: PortScheme,
    /// The port the proxy listens on.
    pub host_port: u16,
    /// The port the container listens on.
    pub container_port: u16,
}

impl PortMap {
    /// A mapping of plain HTTP.
    pub fn http(host_port: u16, container_port: u16) -> Self {
        PortMap { scheme: PortScheme::Http, host_port, container_port }
    }
}

impl fmt::Display for PortMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.scheme.as_str(), self.host_port, self.container_port)
    }
}

impl FromStr for PortMap {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let invalid = |why: String| {
            Fault::new(format!("Invalid port map {text} [{why}]")).hint(
                "a port map is <scheme>:<host-port>:<container-port>, for example http:80:5000; ports are 1 to 65535",
            )
        };
        let parts: Vec<&str> = text.split(':').collect();
        let [scheme, host, container] = parts[..] else {
            return Err(invalid(format!("len={}", parts.len())));
        };
        let scheme = scheme.parse().map_err(|()| invalid(format!("scheme={scheme}")))?;
        let host_port = port(host).ok_or_else(|| invalid(format!("hostPort={host}")))?;
        let container_port = port(container).ok_or_else(|| invalid(format!("containerPort={container}")))?;
        Ok(PortMap { scheme, host_port, container_port })
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

/// The list as it is stored: sorted by text, none twice.
pub fn sorted(maps: &[PortMap]) -> Vec<String> {
    maps.iter().map(ToString::to_string).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The mappings of a stored list. Lines that are none (another tool may have written them) do not count.
pub fn stored(lines: &[String]) -> Vec<PortMap> {
    lines.iter().flat_map(|line| line.split_whitespace()).filter_map(|text| text.parse().ok()).collect()
}

/// The first `scheme:host-port` that two mappings share, as text.
pub fn reused(maps: &[PortMap]) -> Option<String> {
    let mut seen = BTreeSet::new();
    maps.iter()
        .find(|map| !seen.insert((map.scheme, map.host_port)))
        .map(|map| format!("{}:{}", map.scheme.as_str(), map.host_port))
}

/// What decides how detected ports are read: the proxy's ports, and whether there is a certificate.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProxyPorts {
    /// The port of the default http mapping; 80 without one.
    pub plain: Option<u16>,
    /// The port of the default https mapping; 443 without one.
    pub tls: Option<u16>,
    /// True when the app has a certificate, or its proxy gets one by itself.
    pub has_certificate: bool,
}

/// The detected list as it takes effect: the default where nothing was detected, https beside or instead
/// of http where there is a certificate (contract: formats.md section 3).
pub fn detected(stored: &[PortMap], ports: ProxyPorts) -> Vec<PortMap> {
    let mut maps = stored.to_vec();
    if maps.is_empty() {
        maps.push(PortMap::http(ports.plain.unwrap_or(80), 5000));
    }
    if !ports.has_certificate {
        return maps;
    }
    let is_plain_80 = |map: &&PortMap| map.scheme == PortScheme::Http && map.host_port == 80;
    let secured: Vec<PortMap> = maps
        .iter()
        .filter(is_plain_80)
        .map(|map| PortMap {
            scheme: PortScheme::Https,
            host_port: ports.tls.unwrap_or(443),
            container_port: map.container_port,
        })
        .collect();
    if secured.is_empty() {
        for map in maps.iter_mut().filter(|map| map.scheme == PortScheme::Http) {
            map.scheme = PortScheme::Https;
        }
    }
    maps.extend(secured);
    maps
}

/// The list that takes effect: the user's, else the detected one; of two with the same scheme and host port the first.
pub fn effective(user: &[PortMap], stored: &[PortMap], ports: ProxyPorts) -> Vec<PortMap> {
    let all = if user.is_empty() { detected(stored, ports) } else { user.to_vec() };
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|map| seen.insert((map.scheme, map.host_port))).collect()
}

/// The mapping that lets an app answer on the proxy port although it exposes another one: its first http
/// mapping, when no mapping serves the proxy port and no http host port of it can be reached from outside.
pub fn fallback(maps: &[PortMap], proxy_port: u16, is_published: impl Fn(u16) -> bool) -> Option<PortMap> {
    let of_http = |map: &&PortMap| matches!(map.scheme, PortScheme::Http | PortScheme::Https);
    if maps.iter().filter(of_http).any(|map| map.host_port == proxy_port || is_published(map.host_port)) {
        return None;
    }
    let first = maps.iter().find(|map| map.scheme == PortScheme::Http)?;
    Some(PortMap::http(proxy_port, first.container_port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(text: &str) -> Vec<PortMap> {
        text.split_whitespace().map(|map| map.parse().expect("a port map")).collect()
    }

    fn text(maps: &[PortMap]) -> String {
        maps.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

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
        ] {
            let fault = text.parse::<PortMap>().expect_err(text);
            assert_eq!(fault.message, format!("Invalid port map {text} [{why}]"));
        }
    }

    #[test]
    fn the_users_list_wins_over_the_detected_one_and_both_over_the_default() {
        let ports = ProxyPorts::default();
        assert_eq!(text(&effective(&[], &[], ports)), "http:80:5000");
        assert_eq!(text(&effective(&[], &maps("http:3000:3000"), ports)), "http:3000:3000");
        assert_eq!(text(&effective(&maps("http:80:1"), &maps("http:3000:3000"), ports)), "http:80:1");
        let high = ProxyPorts { plain: Some(8080), ..ports };
        assert_eq!(text(&effective(&[], &[], high)), "http:8080:5000");
    }

    /// Dokku 0.38.27, getDetectedPortMaps.
    #[test]
    fn a_certificate_adds_https_to_detected_ports_only() {
        let ports = ProxyPorts { has_certificate: true, ..ProxyPorts::default() };
        assert_eq!(text(&effective(&[], &[], ports)), "http:80:5000 https:443:5000");
        assert_eq!(
            text(&effective(&[], &maps("http:3000:3000 udp:53:53"), ports)),
            "https:3000:3000 udp:53:53"
        );
        assert_eq!(text(&effective(&maps("http:80:1"), &[], ports)), "http:80:1");
    }

    #[test]
    fn an_app_that_exposes_an_unpublished_port_also_answers_on_the_proxy_port() {
        let published = |port| port == 80 || port == 443;
        let check = |list: &str| fallback(&maps(list), 80, published).map(|map| map.to_string());
        assert_eq!(check("http:3000:3000").as_deref(), Some("http:80:3000"));
        assert_eq!(check("udp:53:53 http:3000:3000 http:4000:4000").as_deref(), Some("http:80:3000"));
        assert_eq!(check("http:80:5000 http:3000:3000"), None);
        assert_eq!(check("https:443:5000"), None);
        assert_eq!(check("udp:53:53"), None);
    }

    #[test]
    fn the_same_scheme_and_host_port_may_stand_once() {
        assert_eq!(reused(&maps("http:80:1 https:80:1")), None);
        assert_eq!(reused(&maps("http:80:1 http:80:2")).as_deref(), Some("http:80"));
    }
}
