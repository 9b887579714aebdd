//! Where the container's own name leads to, for whoever asks inside of it: a plugin, or a task that looks at an app by the
//! address that `urls` prints where there is no domain.

use std::net::IpAddr;

use super::places::ProxyPlaces;
use crate::model::{Outcome, hosts_file};
use crate::platform::{files, host};
use crate::store::{forwarders, own_place};

/// Keeps the name off the address where forwarders hand over what comes: there nginx takes nobody who does not say for whom.
/// The engine writes a line for each network that is joined, and old ones take all of them away with one that is left.
///
/// # Errors
/// When the file cannot be written.
pub fn keep(places: &ProxyPlaces) -> Outcome {
    let is_in_networks = own_place::read(&places.layout)?.is_some_and(|place| !place.is_on_host());
    let Some(text) = files::read_text(&places.hosts)?.filter(|_| is_in_networks) else { return Ok(()) };
    let meeting = forwarders::read(&places.layout)?.meeting;
    let avoided = meeting.map(|meeting| IpAddr::V4(meeting.address));
    match hosts_file::kept_off(&text, &host::name(), avoided) {
        Some(kept) => files::write_in_place(&places.hosts, kept.as_bytes()),
        None => Ok(()),
    }
}
