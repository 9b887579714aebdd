//! The conversation with git-upload-pack, from the client's side: protocol v2, and the first one for servers
//! that know no other. Nothing is here yet, so nothing is negotiated.

mod band;
mod fetch;
mod guard;
mod references;

pub(super) use fetch::{Wish, fetch};
pub(super) use guard::Guard;
pub(super) use references::{Advertised, RemoteRef, list};

use std::io::Read;

use crate::model::{Fault, Outcome};
use crate::platform::git::wire::{Packet, read_packet};

/// A packet of text; what the server says when it refuses becomes a fault.
fn packet(input: &mut dyn Read) -> Outcome<Packet> {
    let packet = read_packet(input)?;
    match &packet {
        Packet::Line(line) if line.starts_with(b"ERR ") => Err(refusal(&line[4..])),
        Packet::Line(_) | Packet::Flush | Packet::Delimiter | Packet::End => Ok(packet),
    }
}

/// What the other side says is shown without anything that moves a cursor.
fn refusal(text: &[u8]) -> Fault {
    Fault::new(format!("the server says: {}", printable(text)))
}

fn printable(text: &[u8]) -> String {
    String::from_utf8_lossy(text).trim().chars().filter(|letter| !letter.is_control()).collect()
}

/// One packet line.
fn line(text: &str) -> String {
    format!("{:04x}{text}\n", text.len() + 5)
}
