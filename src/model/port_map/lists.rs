//! Lists of mappings: as they are stored, and as they take effect.

use std::collections::BTreeSet;

use super::{PortMap, PortScheme};

/// The list as it is stored: sorted by text, none twice.
pub fn sorted(maps: &[PortMap]) -> Vec<String> {
    maps.iter().map(ToString::to_string).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The mappings of a stored list. Lines that are none (another tool may have written them) do not count.
pub fn stored(lines: &[String]) -> Vec<PortMap> {
    lines.iter().flat_map(|line| line.split_whitespace()).filter_map(|text| text.parse().ok()).collect()
}

/// The first `scheme:host-port`, with its path, that two mappings share.
pub fn reused(maps: &[PortMap]) -> Option<String> {
    let mut seen = BTreeSet::new();
    maps.iter().map(PortMap::source).find(|source| !seen.insert(source.clone()))
}

/// Those that lead from a whole port to web: what Dokku's tools know.
pub fn whole(maps: &[PortMap]) -> Vec<PortMap> {
    maps.iter().filter(|map| map.is_whole()).cloned().collect()
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
        .map(|map| PortMap::of(PortScheme::Https, ports.tls.unwrap_or(443), map.container_port))
        .collect();
    if secured.is_empty() {
        for map in maps.iter_mut().filter(|map| map.scheme == PortScheme::Http) {
            map.scheme = PortScheme::Https;
        }
    }
    maps.extend(secured);
    maps
}

/// What leads to web as a whole: the user's list, else the detected one; of two with the same scheme and host port the
/// first. What the user maps to paths and to other processes stands beside it.
pub fn effective(user: &[PortMap], stored: &[PortMap], ports: ProxyPorts) -> Vec<PortMap> {
    let mut all = whole(user);
    if all.is_empty() {
        all = detected(stored, ports);
    }
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|map| seen.insert(map.source())).collect()
}

/// The mapping that lets an app answer on the proxy port although it exposes another one: its first http
/// mapping, when no mapping serves the proxy port and no http host port of it can be reached from outside.
pub fn fallback(maps: &[PortMap], proxy_port: u16, is_published: impl Fn(u16) -> bool) -> Option<PortMap> {
    let mut of_http = maps.iter().filter(|map| map.scheme.has_paths() && map.path.is_none());
    if of_http.clone().any(|map| map.host_port == proxy_port || is_published(map.host_port)) {
        return None;
    }
    let first = of_http.find(|map| map.scheme == PortScheme::Http && map.is_whole())?;
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
    fn the_users_list_wins_over_the_detected_one_and_both_over_the_default() {
        let ports = ProxyPorts::default();
        assert_eq!(text(&effective(&[], &[], ports)), "http:80:5000");
        assert_eq!(text(&effective(&[], &maps("http:3000:3000"), ports)), "http:3000:3000");
        assert_eq!(text(&effective(&maps("http:80:1"), &maps("http:3000:3000"), ports)), "http:80:1");
        let high = ProxyPorts { plain: Some(8080), ..ports };
        assert_eq!(text(&effective(&[], &[], high)), "http:8080:5000");
    }

    #[test]
    fn what_leads_elsewhere_than_to_web_stands_beside() {
        let ports = ProxyPorts::default();
        let list = |user: &str| text(&effective(&maps(user), &maps("http:3000:3000"), ports));
        assert_eq!(list("http:80/ws:worker:1"), "http:3000:3000");
        assert_eq!(list("tcp:25:smtp:25"), "http:3000:3000");
        assert_eq!(list("tcp:25:25"), "tcp:25:25");
        assert_eq!(list("http:80/ws:worker:1 http:80:5000"), "http:80:5000");
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
        assert_eq!(check("http:3000:3000 http:80/ws:worker:1").as_deref(), Some("http:80:3000"));
        assert_eq!(check("http:3000:3000 http:80:admin:1"), None);
    }

    #[test]
    fn the_same_scheme_and_host_port_may_stand_once() {
        assert_eq!(reused(&maps("http:80:1 https:80:1")), None);
        assert_eq!(reused(&maps("http:80:1 http:80:2")).as_deref(), Some("http:80"));
        assert_eq!(reused(&maps("http:80:1 http:80/a:2 http:80/b:2")), None);
        assert_eq!(reused(&maps("http:80/a:1 http:80/a:worker:2")).as_deref(), Some("http:80/a"));
    }
}
