//! Whether what is on record of a container is true. Pure: what is on record, and what the engine lists.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AppName, Dyno, Outcome};
use crate::platform::docker::ContainerSummary;
use crate::platform::files;
use crate::store::{Layout, processes};

/// A container of an app to which routes may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which of the app's.
    pub dyno: Dyno,
    /// Its id.
    pub id: String,
    /// The address on record; empty where its container had none.
    pub address: String,
    /// The port it listens on.
    pub port: u16,
}

/// What is to be thought of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// What is on record is true.
    True,
    /// Its container does not have the address on record any more, and has no other.
    Down,
    /// The same, but the engine is about to start it again.
    Restarting,
    /// Its container has another address than the one on record.
    Moved,
    /// It was down and is back at one of these addresses; it is not known yet whether it answers.
    Back(Vec<String>),
}

/// The places of an app that have an address on record, be it an empty one.
///
/// # Errors
/// When a file of the app cannot be read.
pub fn places(layout: &Layout, app: &AppName) -> Outcome<Vec<Place>> {
    let mut places = Vec::new();
    for one in processes::running(layout, app)? {
        let dyno = one.dyno;
        if !files::exists(&layout.container_ip(app, &dyno.process_type, dyno.index)) {
            continue;
        }
        let address = processes::ip(layout, app, &dyno)?.unwrap_or_default();
        let port = processes::port(layout, app, &dyno)?;
        places.push(Place { dyno, id: one.id, address, port });
    }
    Ok(places)
}

/// The engine's containers by id.
pub type Seen = BTreeMap<String, ContainerSummary>;

/// What is to be thought of the place.
pub fn standing(place: &Place, seen: &Seen) -> Standing {
    let container = seen.get(&place.id).filter(|found| matches!(found.state.as_str(), "running" | "paused"));
    let Some(container) = container else {
        let restarts = seen.get(&place.id).is_some_and(|found| found.state == "restarting");
        return match (place.address.is_empty(), restarts) {
            (true, _) => Standing::True,
            (false, true) => Standing::Restarting,
            (false, false) => Standing::Down,
        };
    };
    // Reached at the host, which does not move.
    if container.networks().contains_key("host") {
        return Standing::True;
    }
    let addresses: Vec<String> = addresses(container).map(str::to_owned).collect();
    match (addresses.is_empty(), place.address.is_empty()) {
        (true, true) => Standing::True,
        (true, false) => Standing::Down,
        (false, true) => Standing::Back(addresses),
        (false, false) if addresses.contains(&place.address) => Standing::True,
        (false, false) => Standing::Moved,
    }
}

/// The addresses that containers have, those too that are about to start.
pub fn taken(seen: &Seen) -> BTreeSet<String> {
    seen.values().flat_map(addresses).map(str::to_owned).collect()
}

fn addresses(container: &ContainerSummary) -> impl Iterator<Item = &str> {
    container.networks().values().map(|endpoint| endpoint.ip.as_str()).filter(|address| !address.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::docker::Endpoint;

    fn place(address: &str) -> Place {
        let dyno = "web.1".parse().expect("a place");
        Place { dyno, id: "a".into(), address: address.into(), port: 5000 }
    }

    fn seen(state: &str, networks: &[(&str, &str)]) -> Seen {
        let mut container = ContainerSummary { id: "a".into(), state: state.into(), ..Default::default() };
        for (name, ip) in networks {
            let endpoint = Endpoint { ip: (*ip).to_owned(), ..Endpoint::default() };
            container.network_settings.networks.insert((*name).to_owned(), endpoint);
        }
        [("a".to_owned(), container)].into()
    }

    #[test]
    fn what_is_on_record_is_true_moved_or_gone() {
        let up = seen("running", &[("bridge", "10.0.0.2"), ("shared", "10.1.0.2")]);
        assert_eq!(standing(&place("10.1.0.2"), &up), Standing::True);
        assert_eq!(standing(&place("10.0.0.9"), &up), Standing::Moved);
        let both = ["10.0.0.2", "10.1.0.2"].map(str::to_owned).to_vec();
        assert_eq!(standing(&place(""), &up), Standing::Back(both));
        assert_eq!(standing(&place("10.0.0.2"), &seen("restarting", &[])), Standing::Restarting);
        for down in [seen("exited", &[("bridge", "")]), Seen::new()] {
            assert_eq!(standing(&place("10.0.0.2"), &down), Standing::Down);
            assert_eq!(standing(&place(""), &down), Standing::True, "nothing leads to it");
        }
        assert_eq!(standing(&place("172.17.0.1"), &seen("running", &[("host", "")])), Standing::True);
        assert_eq!(
            standing(&place("10.0.0.2"), &seen("running", &[])),
            Standing::Down,
            "it left its network"
        );
        assert!(taken(&up).contains("10.1.0.2"));
    }
}
