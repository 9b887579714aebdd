//! A port as people outside see it: `5432/tcp`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{PortMap, PortScheme, port};
use crate::model::Fault;

/// A port of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OutsidePort {
    /// Its number.
    pub port: u16,
    /// True for datagrams, false for connections.
    pub is_udp: bool,
}

impl OutsidePort {
    /// The port that a mapping is to be reached on.
    pub fn of(map: &PortMap) -> Self {
        OutsidePort { port: map.host_port, is_udp: map.scheme == PortScheme::Udp }
    }

    /// `tcp` or `udp`.
    pub fn protocol(self) -> &'static str {
        if self.is_udp { "udp" } else { "tcp" }
    }

    /// As the run line of the appliance publishes it: `-p 5432:5432`, `-p 53:53/udp`.
    pub fn flag(self) -> String {
        let suffix = if self.is_udp { "/udp" } else { "" };
        format!("-p {0}:{0}{suffix}", self.port)
    }
}

impl fmt::Display for OutsidePort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.port, self.protocol())
    }
}

impl FromStr for OutsidePort {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let parsed = text.split_once('/').and_then(|(number, protocol)| {
            let is_udp = match protocol {
                "udp" => true,
                "tcp" => false,
                _ => return None,
            };
            Some(OutsidePort { port: port(number)?, is_udp })
        });
        parsed.ok_or_else(|| Fault::new(format!("{text} is no port: 5432/tcp is one, 53/udp another")))
    }
}

impl TryFrom<String> for OutsidePort {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        text.parse()
    }
}

impl From<OutsidePort> for String {
    fn from(port: OutsidePort) -> Self {
        port.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_read_as_they_are_written() {
        for text in ["5432/tcp", "53/udp"] {
            assert_eq!(text.parse::<OutsidePort>().expect(text).to_string(), text);
        }
        for text in ["5432", "0/tcp", "53/sctp", "/udp", ""] {
            assert!(text.parse::<OutsidePort>().is_err(), "{text}");
        }
        let flag = |map: &str| OutsidePort::of(&map.parse().expect(map)).flag();
        assert_eq!((flag("udp:53:1").as_str(), flag("tls+tcp:25:1").as_str()), ("-p 53:53/udp", "-p 25:25"));
    }
}
