//! Which mappings of two apps cannot both be served.

use super::{PortMap, PortScheme};

/// Why a mapping cannot be had beside another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The port can lead to one place only.
    Port,
    /// The port is shared by the names that clients ask for, and one of the names is the same, or one has none.
    Names,
}

/// Whether the mappings of two places, each with the names that it answers to, cannot both be served. HTTP shares
/// ports by name; bytes and datagrams do not, but over TLS with different names.
pub fn conflict(one: (&PortMap, &[String]), other: (&PortMap, &[String])) -> Option<Conflict> {
    let ((one, names), (other, other_names)) = (one, other);
    let is_same = one.host_port == other.host_port && one.scheme.transport() == other.scheme.transport();
    if !is_same || !(one.scheme.is_stream() || other.scheme.is_stream()) {
        return None;
    }
    if one.scheme != PortScheme::TlsTcp || other.scheme != PortScheme::TlsTcp {
        return Some(Conflict::Port);
    }
    let is_told_apart = !names.is_empty() && !other_names.is_empty();
    let is_shared = names.iter().any(|name| other_names.contains(name));
    (!is_told_apart || is_shared).then_some(Conflict::Names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_bytes_are_had_alone_but_over_tls_with_names_of_ones_own() {
        let check = |one: &str, names: &[&str], other: &str, others: &[&str]| {
            let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
            let (one, other): (PortMap, PortMap) = (one.parse().unwrap(), other.parse().unwrap());
            conflict((&one, &own(names)), (&other, &own(others)))
        };
        let (port, names) = (Some(Conflict::Port), Some(Conflict::Names));
        assert_eq!(check("tcp:25:25", &["a"], "tcp:25:25", &["b"]), port);
        assert_eq!(check("tcp:25:25", &["a"], "http:25:25", &["b"]), port);
        assert_eq!(check("tls+tcp:25:25", &["a"], "https:25:25", &["b"]), port);
        assert_eq!(check("tls+tcp:25:25", &["a"], "tcp:25:25", &["b"]), port);
        assert_eq!(check("tls+tcp:25:25", &["a"], "tls+tcp:25:25", &["b"]), None);
        assert_eq!(check("tls+tcp:25:25", &["a", "b"], "tls+tcp:25:25", &["b"]), names);
        assert_eq!(check("tls+tcp:25:25", &[], "tls+tcp:25:25", &["b"]), names);
        assert_eq!(check("udp:53:53", &["a"], "tcp:53:53", &["b"]), None);
        assert_eq!(check("udp:53:53", &["a"], "udp:53:1", &["b"]), port);
        assert_eq!(check("http:80:1", &["a"], "https:80:1", &["a"]), None);
    }
}
