//! Git's wire format: packet lines in, packet lines and side bands out.

mod output;
mod packet;
mod progress;

pub(super) use output::Wire;
pub(super) use packet::{Packet, read_data_packet, read_packet};
pub(super) use progress::KeepAlive;
pub use progress::Progress;

/// What we call ourselves to clients.
pub(super) fn agent() -> String {
    format!("agent=dokku/{}", env!("CARGO_PKG_VERSION"))
}

/// Git's name of the hash.
pub(super) fn format_name(hash: gix_hash::Kind) -> &'static str {
    match hash {
        gix_hash::Kind::Sha256 => "sha256",
        _ => "sha1",
    }
}

/// The version of the protocol that a client asks for in `GIT_PROTOCOL`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// The first one, when the client says nothing.
    #[default]
    V0,
    /// As the first, with a version line.
    V1,
    /// Commands and capabilities; fetching only.
    V2,
}

impl Protocol {
    /// Reads the value of `GIT_PROTOCOL`: words joined by colons, the highest known version wins.
    pub fn from_variable(value: &str) -> Self {
        let has = |version: &str| value.split(':').any(|word| word == version);
        if has("version=2") {
            Protocol::V2
        } else if has("version=1") {
            Protocol::V1
        } else {
            Protocol::V0
        }
    }
}
