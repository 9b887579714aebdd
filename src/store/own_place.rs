//! Where the appliance's own container stands among networks. Boot asks the engine and writes it here; commands
//! read it, so that a deploy on the usual network asks nothing.

use serde::{Deserialize, Serialize};

use super::Layout;
use crate::model::{Context, Outcome};
use crate::platform::files;

/// The loopback address.
pub const LOOPBACK: &str = "127.0.0.1";

/// The appliance's place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPlace {
    /// The id of its container.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The networks it was started in. None on the host's own network.
    pub networks: Vec<String>,
    /// Where the engine's machine is reached from here, and so what runs on its network.
    pub gateway: String,
    /// Where the user's machine is reached: the same one, but for engines in a virtual machine of a desktop.
    pub host: String,
}

impl OwnPlace {
    /// True on the host's own network, from where all bridges are reached.
    pub fn is_on_host(&self) -> bool {
        self.networks.is_empty()
    }
}

/// What boot found; `None` when it found nothing out (no boot yet, not in a container).
///
/// # Errors
/// When the record is there and cannot be read.
pub fn read(layout: &Layout) -> Outcome<Option<OwnPlace>> {
    let Some(bytes) = files::read(&layout.own_place())? else { return Ok(None) };
    // A record of another release counts as none: the next boot writes it anew.
    Ok(serde_json::from_slice(&bytes).ok())
}

/// Where the user's machine is reached: at the loopback address by whoever is no container.
///
/// # Errors
/// When the record is there and cannot be read.
pub fn host(layout: &Layout) -> Outcome<String> {
    Ok(read(layout)?.map_or_else(|| LOOPBACK.to_owned(), |place| place.host))
}

/// Where the engine's machine is reached: at the loopback address by whoever is no container.
///
/// # Errors
/// When the record is there and cannot be read.
pub fn gateway(layout: &Layout) -> Outcome<String> {
    Ok(read(layout)?.map_or_else(|| LOOPBACK.to_owned(), |place| place.gateway))
}

/// Remembers what boot found.
///
/// # Errors
/// When the record cannot be written.
pub fn write(layout: &Layout, place: &OwnPlace) -> Outcome {
    let text = serde_json::to_vec(place).context(|| "cannot remember the place among networks")?;
    files::write(&layout.own_place(), &text, 0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::below(folder.path());
        assert_eq!(read(&layout).expect("readable"), None);
        assert_eq!(host(&layout).expect("readable"), "127.0.0.1");
        let place = OwnPlace {
            id: "ab".into(),
            name: "dokku".into(),
            networks: vec!["bridge".into()],
            gateway: "172.17.0.1".to_owned(),
            host: "192.168.65.254".to_owned(),
        };
        write(&layout, &place).expect("writable");
        assert_eq!(host(&layout).expect("readable"), "192.168.65.254");
        assert_eq!(gateway(&layout).expect("readable"), "172.17.0.1");
        assert_eq!(read(&layout).expect("readable"), Some(place));
    }
}
