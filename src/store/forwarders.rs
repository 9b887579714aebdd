//! Which ports are published by forwarders beside the appliance, and where these hand over what comes.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::published_ports::{self, PublishedPorts};
use super::{Layout, properties};
use crate::model::port_map::OutsidePort;
use crate::model::{AppName, Context, Outcome};
use crate::platform::files;

/// What is known of forwarders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarders {
    /// Where they meet the appliance; `None` before there was one.
    pub meeting: Option<Meeting>,
    /// The ports that they publish.
    pub ports: BTreeSet<OutsidePort>,
}

/// A network that only the appliance and its forwarders are in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Its name.
    pub network: String,
    /// Its addresses, as `172.30.0.0/24`: whoever comes from there may say for whom.
    pub subnet: String,
    /// The appliance's own, always the same.
    pub address: Ipv4Addr,
}

/// The property of the proxy that turns forwarders off.
pub const PROPERTY: &str = "publish-ports";

/// What is known; nothing when there never was a forwarder.
///
/// # Errors
/// When the record is there and cannot be read.
pub fn read(layout: &Layout) -> Outcome<Forwarders> {
    let Some(bytes) = files::read(&layout.forwarders())? else { return Ok(Forwarders::default()) };
    // A record of another release counts as none: it is made anew.
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Remembers.
///
/// # Errors
/// When the record cannot be written.
pub fn write(layout: &Layout, forwarders: &Forwarders) -> Outcome {
    let text = serde_json::to_vec(forwarders).context(|| "cannot remember the forwarders")?;
    files::write(&layout.forwarders(), &text, 0o644)
}

/// True unless it was turned off, for the app or for all.
///
/// # Errors
/// When the setting cannot be read.
pub fn is_on(layout: &Layout, app: &AppName) -> Outcome<bool> {
    Ok(properties::computed(layout, "proxy", &app.into(), PROPERTY, "true")? != "false")
}

/// The ports that people outside reach: published by the appliance's own container, or by a forwarder. `None` when the
/// first are not known.
///
/// # Errors
/// When a record cannot be read.
pub fn reachable(layout: &Layout) -> Outcome<Option<PublishedPorts>> {
    let Some(mut published) = published_ports::read(layout)? else { return Ok(None) };
    for port in read(layout)?.ports {
        let ports = if port.is_udp { &mut published.udp } else { &mut published.tcp };
        ports.entry(port.port).or_insert_with(|| vec![port.port]);
    }
    Ok(Some(published))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forwarded_is_reached_under_its_own_number() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        assert_eq!(read(&layout).expect("readable"), Forwarders::default());
        let ports = PublishedPorts { tcp: [(80, vec![8080])].into(), ..PublishedPorts::default() };
        published_ports::write(&layout, &ports).expect("writable");
        let meeting = Meeting {
            network: "n".into(),
            subnet: "172.30.0.0/24".into(),
            address: "172.30.0.2".parse().expect("an address"),
        };
        let ports = ["5432/tcp", "53/udp"].map(|text| text.parse().expect(text)).into();
        let known = Forwarders { meeting: Some(meeting), ports };
        write(&layout, &known).expect("writable");
        assert_eq!(read(&layout).expect("readable"), known);
        let reachable = reachable(&layout).expect("readable").expect("known");
        assert_eq!(
            (reachable.outer(80), reachable.outer(5432), reachable.outer(53)),
            (Some(8080), Some(5432), None)
        );
        assert!(reachable.publishes("53/udp".parse().expect("a port")));
    }
}
