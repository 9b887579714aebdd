//! Under which numbers the host publishes the appliance's ports. Boot reads them from the engine and
//! writes them here; every command that prints an address reads them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Layout;
use crate::model::port_map::OutsidePort;
use crate::model::{Context, Outcome};
use crate::platform::files;

/// The appliance's published ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPorts {
    /// Port in the container: its numbers on the host, as the engine lists them.
    pub tcp: BTreeMap<u16, Vec<u16>>,
    /// The same for datagrams.
    #[serde(default)]
    pub udp: BTreeMap<u16, Vec<u16>>,
    /// True on the host's own network: whatever is listened on is reached.
    #[serde(default)]
    pub is_open: bool,
}

impl PublishedPorts {
    /// The number by which people outside reach the port: the same one where it is among several.
    pub fn outer(&self, inner: u16) -> Option<u16> {
        if self.is_open {
            return Some(inner);
        }
        let outer = self.tcp.get(&inner)?;
        if outer.contains(&inner) { Some(inner) } else { outer.first().copied() }
    }

    /// True when people outside reach the port, under whatever number.
    pub fn publishes(&self, inner: OutsidePort) -> bool {
        let list = if inner.is_udp { &self.udp } else { &self.tcp };
        self.is_open || list.get(&inner.port).is_some_and(|outer| !outer.is_empty())
    }
}

/// What boot found; `None` when it found nothing out (no boot yet, host networking, another runtime).
///
/// # Errors
/// When the record is there and cannot be read.
pub fn read(layout: &Layout) -> Outcome<Option<PublishedPorts>> {
    let Some(bytes) = files::read(&layout.published_ports())? else { return Ok(None) };
    // A record of another release counts as none: the next boot writes it anew.
    Ok(serde_json::from_slice(&bytes).ok())
}

/// Remembers what boot found.
///
/// # Errors
/// When the record cannot be written.
pub fn write(layout: &Layout, ports: &PublishedPorts) -> Outcome {
    let text = serde_json::to_vec(ports).context(|| "cannot remember the published ports")?;
    files::write(&layout.published_ports(), &text, 0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_published_under_its_own_number_keeps_it() {
        let ports = PublishedPorts {
            tcp: [(80, vec![8080]), (22, vec![3022, 22]), (443, vec![])].into(),
            ..PublishedPorts::default()
        };
        assert_eq!(ports.outer(80), Some(8080));
        assert_eq!(ports.outer(22), Some(22));
        assert_eq!(ports.outer(443), None);
        assert_eq!(ports.outer(3000), None);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        assert_eq!(read(&layout).expect("readable"), None);
        let ports = PublishedPorts { tcp: [(80, vec![8080])].into(), ..PublishedPorts::default() };
        write(&layout, &ports).expect("writable");
        assert_eq!(read(&layout).expect("readable"), Some(ports));
    }
}
