//! What a container listens on, as its kernel tells in `/proc/net/tcp` and `tcp6`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The state of a socket that takes connections (include/net/tcp_states.h of Linux).
const LISTEN: &str = "0A";

/// The addresses of all listening sockets in the texts of `/proc/net/tcp` and `/proc/net/tcp6`, joined, in their order.
pub fn parse(text: &str) -> Vec<SocketAddr> {
    text.lines().filter_map(listening).collect()
}

fn listening(line: &str) -> Option<SocketAddr> {
    let mut words = line.split_whitespace();
    let (local, state) = (words.nth(1)?, words.nth(1)?);
    if state != LISTEN {
        return None;
    }
    let (ip, port) = local.split_once(':')?;
    Some(SocketAddr::new(address(ip)?, u16::from_str_radix(port, 16).ok()?))
}

/// The kernel prints an address as 32-bit numbers in the order of its own bytes: little-endian on all machines we run on.
fn address(hex: &str) -> Option<IpAddr> {
    if !hex.is_ascii() || !matches!(hex.len(), 8 | 32) {
        return None;
    }
    let mut bytes = Vec::with_capacity(16);
    for start in (0..hex.len()).step_by(8) {
        bytes.extend(u32::from_str_radix(&hex[start..start + 8], 16).ok()?.to_le_bytes());
    }
    match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(four) => Some(Ipv4Addr::from(four).into()),
        Err(_) => <[u8; 16]>::try_from(bytes.as_slice()).ok().map(|sixteen| Ipv6Addr::from(sixteen).into()),
    }
}

/// Why nobody can connect to this port, given what is listened on: in the words of Dokku's checker.
/// `None` when the port is open on all interfaces, or nothing at all is listened on.
pub fn complaint(sockets: &[SocketAddr], expected: u16) -> Option<String> {
    if sockets.iter().any(|socket| socket.port() == expected && socket.ip().is_unspecified()) {
        return None;
    }
    if let Some(socket) = sockets.iter().find(|socket| socket.port() == expected) {
        let (kind, all) = kind(*socket);
        let actual = socket.ip();
        return Some(format!(
            "container listening on expected port ({expected}) with unexpected {kind} interface: expected={all} actual={actual}"
        ));
    }
    let socket = sockets.iter().find(|socket| socket.ip().is_unspecified()).or_else(|| sockets.first())?;
    let (kind, all) = kind(*socket);
    let port = socket.port();
    Some(if socket.ip().is_unspecified() {
        format!(
            "container listening on expected {kind} interface with an unexpected port: expected={expected} actual={port}"
        )
    } else {
        let actual = socket.ip();
        format!(
            "container listening on unexpected {kind} interface with an unexpected port: expected={all}:{expected} actual={actual}:{port}"
        )
    })
}

fn kind(socket: SocketAddr) -> (&'static str, &'static str) {
    match socket {
        SocketAddr::V4(_) => ("IPv4", "0.0.0.0"),
        SocketAddr::V6(_) => ("IPv6", "::"),
    }
}

/// True when the port is open, but only to the container itself.
pub fn is_loopback_only(sockets: &[SocketAddr], port: u16) -> bool {
    let mut on_port = sockets.iter().filter(|socket| socket.port() == port).peekable();
    on_port.peek().is_some() && on_port.all(|socket| socket.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0B00007F:9C4D 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
   2: 020011AC:1389 010011AC:D2A6 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:1389 00000000000000000000000000000000:0000 0A 00000000:00000000
   1: 00000000000000000000000001000000:138A 00000000000000000000000000000000:0000 0A 00000000:00000000
";

    fn found(text: &str) -> Vec<String> {
        parse(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_listening_sockets_count() {
        assert_eq!(found(TCP), ["127.0.0.1:5000", "127.0.0.11:40013", "[::]:5001", "[::1]:5002"]);
        assert!(found("nonsense\n 0: ü:1 x 0A\n 0: 00:1 00 0A").is_empty());
    }

    #[test]
    fn what_is_wrong_is_said_in_dokkus_words() {
        let sockets = parse(TCP);
        let said = |port| complaint(&sockets, port).unwrap_or_default();
        assert_eq!(
            said(5000),
            "container listening on expected port (5000) with unexpected IPv4 interface: expected=0.0.0.0 actual=127.0.0.1"
        );
        assert_eq!(said(5001), "");
        assert_eq!(
            said(3000),
            "container listening on expected IPv6 interface with an unexpected port: expected=3000 actual=5001"
        );
        assert_eq!(
            complaint(&["127.0.0.1:9".parse().expect("an address")], 3000).unwrap_or_default(),
            "container listening on unexpected IPv4 interface with an unexpected port: expected=0.0.0.0:3000 actual=127.0.0.1:9"
        );
        assert_eq!(complaint(&[], 3000), None);
        assert!(is_loopback_only(&sockets, 5000));
        assert!(!is_loopback_only(&sockets, 5001));
        assert!(!is_loopback_only(&sockets, 3000));
    }
}
