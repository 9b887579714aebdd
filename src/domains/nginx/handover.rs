//! How forwarders hand over connections: to an address of the appliance's that only they reach, with a line that says for
//! whom they come. Nobody else is believed.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

/// Where connections are handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The appliance's address in the network that it shares with forwarders.
    pub address: Ipv4Addr,
    /// Where forwarders come from.
    pub subnet: String,
    /// The ports that they publish.
    pub ports: BTreeSet<u16>,
    /// True when the app's snippets say themselves where the client's address stands: it can be said once.
    pub has_own_source: bool,
}

impl Handover {
    /// A template of somebody else's, with what it lacks: wherever it listens on all addresses at a port that is handed
    /// over, it listens for that too.
    pub fn woven_into(&self, text: &str) -> String {
        let mut says_source = self.has_own_source || text.contains("real_ip_header");
        let is_silent = !says_source;
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            out.push_str(line);
            if line.trim_start().starts_with("server") && line.trim_end().ends_with('{') {
                says_source = !is_silent;
            }
            let Some((port, words)) = listen(line).filter(|(port, _)| self.ports.contains(port)) else {
                continue;
            };
            let indent = &line[..line.len() - line.trim_start().len()];
            let words: String = words.iter().map(|word| format!(" {word}")).collect();
            out.push_str(&format!("{indent}listen {}:{port}{words} proxy_protocol;\n", self.address));
            if !says_source {
                out.push_str(&format!("{indent}set_real_ip_from {};\n", self.subnet));
                out.push_str(&format!("{indent}real_ip_header proxy_protocol;\n"));
                says_source = true;
            }
        }
        out
    }
}

/// The port of a line that listens on all IPv4 addresses, and those of its words that hold for another address too.
fn listen(line: &str) -> Option<(u16, Vec<&str>)> {
    let mut words = line.trim().strip_prefix("listen")?.trim_end().strip_suffix(';')?.split_whitespace();
    let address = words.next()?;
    let port = address.strip_prefix("*:").or_else(|| address.strip_prefix("0.0.0.0:")).unwrap_or(address);
    let port = port.parse().ok()?;
    Some((port, words.filter(|word| matches!(*word, "ssl" | "http2" | "default_server")).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_of_somebody_elses_takes_what_is_handed_over() {
        let handover = Handover {
            address: Ipv4Addr::new(172, 30, 0, 2),
            subnet: "172.30.0.0/24".to_owned(),
            ports: [8443].into(),
            has_own_source: false,
        };
        let text = "server {\n  listen [::]:8443 ssl;\n  listen 8443 ssl backlog=9;\n  listen 80;\n  listen 10.0.0.1:8443;\n}\n";
        assert_eq!(
            handover.woven_into(text),
            "server {\n  listen [::]:8443 ssl;\n  listen 8443 ssl backlog=9;\n  listen 172.30.0.2:8443 ssl proxy_protocol;\n  \
             set_real_ip_from 172.30.0.0/24;\n  real_ip_header proxy_protocol;\n  listen 80;\n  listen 10.0.0.1:8443;\n}\n"
        );
        let own = format!("real_ip_header X-Forwarded-For;\n{text}");
        assert!(!handover.woven_into(&own).contains("set_real_ip_from"));
    }
}
