//! What a client hears first: what we can do, and what is there.

use crate::platform::git::wire::{Protocol, Wire, agent, format_name};
use crate::platform::git::{Reference, Repository};

/// Sends capabilities and references.
pub(super) fn advertise(wire: &Wire, repository: &Repository, refs: &[Reference], protocol: Protocol) {
    if protocol == Protocol::V1 {
        wire.line("version 1\n");
    }
    let capabilities = format!(
        "report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta push-options object-format={} {}",
        format_name(repository.hash()),
        agent(),
    );
    match refs.split_first() {
        None => wire.line(&format!("{} capabilities^{{}}\0{capabilities}\n", repository.hash().null())),
        Some((first, rest)) => {
            wire.line(&format!("{} {}\0{capabilities}\n", first.id, first.name));
            for reference in rest {
                wire.line(&format!("{} {}\n", reference.id, reference.name));
            }
        }
    }
    wire.flush_packet();
}
