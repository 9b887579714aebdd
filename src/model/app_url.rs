//! The addresses of an app (contract: output.md section 5, "urls, url").

use super::port_map::{PortMap, PortScheme};

/// An address in Dokku's words: port 80 is never written, port 443 not for https.
pub fn url(scheme: PortScheme, host: &str, port: u16) -> String {
    match (scheme, port) {
        (_, 80) => format!("http://{host}"),
        (PortScheme::Https, 443) => format!("https://{host}"),
        (scheme, port) => format!("{}://{host}:{port}", scheme.as_str()),
    }
}

/// What decides the addresses of an app.
pub struct AppUrls<'a> {
    /// The names it answers to.
    pub hosts: &'a [String],
    /// Its mappings, those without a certificate they need left out.
    pub maps: &'a [PortMap],
    /// The mapping by which it also answers on the proxy port, if there is one.
    pub fallback: Option<&'a PortMap>,
}

impl AppUrls<'_> {
    /// As Dokku says them, with the ports the proxy listens on: sorted, none twice.
    pub fn inner(&self) -> Vec<String> {
        let mut urls = self.each(self.maps, Some);
        urls.sort_unstable();
        urls.dedup();
        urls
    }

    /// Further addresses that answer: under the numbers by which the host publishes our ports (`outer`), and
    /// on the proxy port where the app answers there too.
    pub fn further(&self, outer: impl Fn(u16) -> Option<u16>) -> Vec<String> {
        let mut urls = self.each(self.maps, &outer);
        urls.extend(self.each(self.fallback, &outer));
        let inner = self.inner();
        urls.retain(|url| !inner.contains(url));
        urls.sort_unstable();
        urls.dedup();
        urls
    }

    /// What a user is shown to click on: addresses with outer ports; those of unpublished ports stay as they
    /// are and come last, and are left out when the app answers on the proxy port instead.
    pub fn shown(&self, outer: impl Fn(u16) -> Option<u16>) -> Vec<String> {
        let mut urls = self.each(self.maps, &outer);
        urls.extend(self.each(self.fallback, &outer));
        urls.sort_unstable();
        if self.fallback.is_none() || urls.is_empty() {
            let mut others =
                self.each(self.maps, |port| if outer(port).is_none() { Some(port) } else { None });
            others.sort_unstable();
            urls.extend(others);
        }
        urls.dedup();
        urls
    }

    fn each<'m>(
        &self,
        maps: impl IntoIterator<Item = &'m PortMap> + Clone,
        port: impl Fn(u16) -> Option<u16>,
    ) -> Vec<String> {
        let mut urls = Vec::new();
        for host in self.hosts {
            for map in maps.clone() {
                urls.extend(port(map.host_port).map(|port| url(map.scheme, host, port)));
            }
        }
        urls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(text: &str) -> Vec<PortMap> {
        text.split_whitespace().map(|map| map.parse().expect("a port map")).collect()
    }

    fn outer(port: u16) -> Option<u16> {
        match port {
            80 => Some(8080),
            443 => Some(443),
            _ => None,
        }
    }

    #[test]
    fn ports_that_browsers_know_are_not_written() {
        assert_eq!(url(PortScheme::Http, "a.b", 80), "http://a.b");
        assert_eq!(url(PortScheme::Grpc, "a.b", 80), "http://a.b");
        assert_eq!(url(PortScheme::Https, "a.b", 443), "https://a.b");
        assert_eq!(url(PortScheme::Udp, "a.b", 443), "udp://a.b:443");
        assert_eq!(url(PortScheme::Https, "a.b", 8443), "https://a.b:8443");
    }

    #[test]
    fn dokkus_values_come_first_and_what_also_answers_after_them() {
        let hosts = ["b.c".to_owned(), "a.c".to_owned()];
        let maps = maps("http:80:5000 https:443:5000");
        let urls = AppUrls { hosts: &hosts, maps: &maps, fallback: None };
        assert_eq!(urls.inner(), ["http://a.c", "http://b.c", "https://a.c", "https://b.c"]);
        assert_eq!(urls.further(outer), ["http://a.c:8080", "http://b.c:8080"]);
        assert_eq!(urls.shown(outer), ["http://a.c:8080", "http://b.c:8080", "https://a.c", "https://b.c"]);
    }

    #[test]
    fn an_unpublished_port_is_shown_unless_the_app_answers_elsewhere() {
        let hosts = ["a.c".to_owned()];
        let maps = maps("http:3000:3000");
        let fallback = PortMap::http(80, 3000);
        let with = AppUrls { hosts: &hosts, maps: &maps, fallback: Some(&fallback) };
        assert_eq!(with.inner(), ["http://a.c:3000"]);
        assert_eq!(with.further(outer), ["http://a.c:8080"]);
        assert_eq!(with.shown(outer), ["http://a.c:8080"]);
        let without = AppUrls { fallback: None, ..with };
        assert_eq!(without.shown(outer), ["http://a.c:3000"]);
    }
}
