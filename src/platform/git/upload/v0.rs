//! Protocol v0 and v1: references first, then wants and haves on one connection.

use std::collections::HashSet;
use std::io::Read;

use gix_hash::ObjectId;

use super::negotiate::is_enough;
use super::pack::send;
use super::select::{Selection, select};
use super::serve::Offer;
use super::wanted::{Wanted, parse_id};
use crate::model::{Fault, Outcome};
use crate::platform::git::wire::{
    KeepAlive, Packet, Progress, Protocol, Wire, agent, format_name, read_packet,
};

/// How the client wants our answers to its haves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Acks {
    #[default]
    Plain,
    Multi,
    Detailed,
}

#[derive(Default)]
struct Client {
    wanted: Wanted,
    acks: Acks,
    has_side_band: bool,
    skips_done: bool,
}

/// Serves one fetch.
pub(super) fn serve(input: &mut dyn Read, wire: &Wire, offer: &Offer<'_>, protocol: Protocol) -> Outcome {
    advertise(wire, offer, protocol)?;
    let Some(mut client) = read_wants(input, offer)? else { return Ok(()) };
    let tips: HashSet<ObjectId> = offer.refs.iter().map(|reference| reference.id).collect();
    if let Some(id) = client.wanted.wants.iter().find(|id| !tips.contains(*id)) {
        return Err(Fault::new(format!("not our ref {id}")));
    }
    if client.wanted.depth.is_some() {
        let selection = select(&client.wanted, &offer.objects, &[])?;
        tell_boundary(wire, &selection);
        wire.flush_packet();
    }
    if !negotiate(input, wire, offer, &mut client)? {
        return Ok(());
    }
    if client.has_side_band {
        wire.enable_side_band();
    }
    let keep_alive = KeepAlive::start(wire.clone(), Progress::new(wire.clone(), client.wanted.is_quiet));
    let selection = select(&client.wanted, &offer.objects, &offer.refs)?;
    send(wire, offer, &client.wanted, selection.ids)?;
    drop(keep_alive);
    if client.has_side_band {
        wire.flush_packet();
    }
    wire.flush();
    Ok(())
}

/// Tells which commits the client will hold without parents, and which no longer.
pub(super) fn tell_boundary(wire: &Wire, selection: &Selection) {
    for id in &selection.shallow {
        wire.line(&format!("shallow {id}\n"));
    }
    for id in &selection.unshallow {
        wire.line(&format!("unshallow {id}\n"));
    }
}

fn advertise(wire: &Wire, offer: &Offer<'_>, protocol: Protocol) -> Outcome {
    if protocol == Protocol::V1 {
        wire.line("version 1\n");
    }
    let head = offer.head_id();
    let symref = match (&offer.head, head) {
        (Some(name), Some(_)) => format!(" symref=HEAD:{name}"),
        _ => String::new(),
    };
    let hash = offer.repository.hash();
    let mut capabilities = Some(format!(
        "\0multi_ack multi_ack_detailed no-done side-band-64k thin-pack ofs-delta shallow include-tag \
         no-progress filter{symref} object-format={} {}",
        format_name(hash),
        agent()
    ));
    let mut line = |id: ObjectId, name: &str| {
        wire.line(&format!("{id} {name}{}\n", capabilities.take().unwrap_or_default()));
    };
    if let Some(id) = head {
        line(id, "HEAD");
    }
    for reference in &offer.refs {
        line(reference.id, &reference.name);
        if let Some(peeled) = offer.peeled(reference)? {
            line(peeled, &format!("{}^{{}}", reference.name));
        }
    }
    if offer.refs.is_empty() {
        line(hash.null(), "capabilities^{}");
    }
    wire.flush_packet();
    Ok(())
}

/// Reads what the client wants; `None` when it wants nothing.
fn read_wants(input: &mut dyn Read, offer: &Offer<'_>) -> Outcome<Option<Client>> {
    let mut client = Client::default();
    loop {
        let line = match read_packet(input)? {
            Packet::Line(line) => String::from_utf8_lossy(&line).into_owned(),
            Packet::Flush => break,
            Packet::End => return Ok(None),
            Packet::Delimiter => return Err(Fault::new("protocol error: unexpected delimiter packet")),
        };
        if client.wanted.wants.is_empty() {
            client.take_capabilities(&line);
        }
        if !client.wanted.take(&line, &offer.objects)? {
            return Err(Fault::new(format!("protocol error: expected a want, got '{line}'")));
        }
    }
    Ok((!client.wanted.wants.is_empty()).then_some(client))
}

impl Client {
    fn take_capabilities(&mut self, line: &str) {
        for word in line.split(' ').skip(2) {
            match word {
                "multi_ack" => self.acks = Acks::Multi,
                "multi_ack_detailed" => self.acks = Acks::Detailed,
                "no-done" => self.skips_done = true,
                "side-band-64k" => self.has_side_band = true,
                "thin-pack" => self.wanted.takes_thin_pack = true,
                "include-tag" => self.wanted.takes_tags = true,
                "no-progress" => self.wanted.is_quiet = true,
                // Deltas by offset are sent to everybody: clients without them are older than 2006.
                _ => {}
            }
        }
    }
}

/// Hears what the client has, until it or we have heard enough; false when it hangs up.
fn negotiate(input: &mut dyn Read, wire: &Wire, offer: &Offer<'_>, client: &mut Client) -> Outcome<bool> {
    let mut is_ready = false;
    loop {
        match read_packet(input)? {
            Packet::Line(line) => {
                let line = String::from_utf8_lossy(&line).into_owned();
                if line == "done" {
                    answer_done(wire, client);
                    return Ok(true);
                }
                let Some(hex) = line.strip_prefix("have ") else {
                    return Err(Fault::new(format!("protocol error: expected a have, got '{line}'")));
                };
                answer_have(wire, offer, client, parse_id(hex, &offer.objects)?);
            }
            Packet::Flush => {
                let last = client.wanted.common.last().copied();
                if client.acks == Acks::Detailed
                    && !is_ready
                    && let Some(last) = last
                    && is_enough(&client.wanted, &offer.objects)?
                {
                    wire.line(&format!("ACK {last} ready\n"));
                    is_ready = true;
                }
                if last.is_none() || client.acks != Acks::Plain {
                    wire.line("NAK\n");
                }
                if is_ready && client.skips_done {
                    answer_done(wire, client);
                    return Ok(true);
                }
                wire.flush();
            }
            Packet::End => return Ok(false),
            Packet::Delimiter => return Err(Fault::new("protocol error: unexpected delimiter packet")),
        }
    }
}

fn answer_have(wire: &Wire, offer: &Offer<'_>, client: &mut Client, id: ObjectId) {
    let is_first = client.wanted.common.is_empty();
    if client.wanted.has(id, &offer.objects) {
        match client.acks {
            Acks::Detailed => wire.line(&format!("ACK {id} common\n")),
            Acks::Multi => wire.line(&format!("ACK {id} continue\n")),
            Acks::Plain if is_first => wire.line(&format!("ACK {id}\n")),
            Acks::Plain => {}
        }
    }
}

fn answer_done(wire: &Wire, client: &Client) {
    match client.wanted.common.last() {
        None => wire.line("NAK\n"),
        // Without multi_ack the first common one was answered already, and only once.
        Some(_) if client.acks == Acks::Plain => {}
        Some(last) => wire.line(&format!("ACK {last}\n")),
    }
}
