//! Protocol v2: the client sends commands.

use std::io::Read;

use super::negotiate::is_enough;
use super::pack::send;
use super::select::select;
use super::serve::Offer;
use super::v0::tell_boundary;
use super::wanted::{Wanted, parse_id};
use crate::model::{Fault, Outcome};
use crate::platform::git::wire::{KeepAlive, Packet, Progress, Wire, agent, format_name, read_packet};

struct Command {
    name: String,
    arguments: Vec<String>,
}

/// The most lines of one command: wants, haves and prefixes of a very large fetch.
const MAX_ARGUMENTS: usize = 1_000_000;

/// Serves commands until the client has enough.
pub(super) fn serve(input: &mut dyn Read, wire: &Wire, offer: &Offer<'_>) -> Outcome {
    wire.line("version 2\n");
    wire.line(&format!("{}\n", agent()));
    wire.line("ls-refs=unborn\n");
    wire.line("fetch=shallow filter\n");
    wire.line("server-option\n");
    wire.line(&format!("object-format={}\n", format_name(offer.repository.hash())));
    wire.flush_packet();
    while let Some(command) = read_command(input)? {
        match command.name.as_str() {
            "ls-refs" => list_refs(wire, offer, &command.arguments)?,
            "fetch" => fetch(wire, offer, &command.arguments)?,
            other => return Err(Fault::new(format!("unknown command '{other}'"))),
        }
    }
    Ok(())
}

/// Reads a command; `None` when the client is done.
fn read_command(input: &mut dyn Read) -> Outcome<Option<Command>> {
    let mut command = Command { name: String::new(), arguments: Vec::new() };
    let mut in_arguments = false;
    loop {
        match read_packet(input)? {
            Packet::Line(line) if in_arguments => {
                if command.arguments.len() >= MAX_ARGUMENTS {
                    return Err(Fault::new(format!("more than {MAX_ARGUMENTS} arguments")));
                }
                command.arguments.push(String::from_utf8_lossy(&line).into_owned());
            }
            // Other capabilities are the client's name and its hash, which must be ours: it knows it from us.
            Packet::Line(line) => {
                if let Some(name) = String::from_utf8_lossy(&line).strip_prefix("command=") {
                    command.name = name.to_owned();
                }
            }
            Packet::Delimiter => in_arguments = true,
            Packet::Flush if command.name.is_empty() => return Ok(None),
            Packet::Flush => return Ok(Some(command)),
            Packet::End => return Ok(None),
        }
    }
}

fn list_refs(wire: &Wire, offer: &Offer<'_>, arguments: &[String]) -> Outcome {
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let prefixes: Vec<&str> =
        arguments.iter().filter_map(|argument| argument.strip_prefix("ref-prefix ")).collect();
    let is_asked = |name: &str| prefixes.is_empty() || prefixes.iter().any(|prefix| name.starts_with(prefix));
    if is_asked("HEAD") {
        let target = offer.head.as_deref().map(|head| format!(" symref-target:{head}"));
        match (offer.head_id(), target) {
            (Some(id), Some(target)) if has("symrefs") => wire.line(&format!("{id} HEAD{target}\n")),
            (Some(id), _) => wire.line(&format!("{id} HEAD\n")),
            (None, Some(target)) if has("unborn") => wire.line(&format!("unborn HEAD{target}\n")),
            (None, _) => {}
        }
    }
    for reference in offer.refs.iter().filter(|reference| is_asked(&reference.name)) {
        let peeled = if has("peel") { offer.peeled(reference)? } else { None };
        let peeled = peeled.map(|id| format!(" peeled:{id}")).unwrap_or_default();
        wire.line(&format!("{} {}{peeled}\n", reference.id, reference.name));
    }
    wire.flush_packet();
    Ok(())
}

fn fetch(wire: &Wire, offer: &Offer<'_>, arguments: &[String]) -> Outcome {
    let mut wanted = Wanted::default();
    let mut is_done = false;
    let mut haves = 0;
    for argument in arguments {
        if let Some(hex) = argument.strip_prefix("have ") {
            wanted.has(parse_id(hex, &offer.objects)?, &offer.objects);
            haves += 1;
        } else if !wanted.take(argument, &offer.objects)? {
            match argument.as_str() {
                "done" => is_done = true,
                "thin-pack" => wanted.takes_thin_pack = true,
                "include-tag" => wanted.takes_tags = true,
                "no-progress" => wanted.is_quiet = true,
                // `ofs-delta` is what we send anyhow; others we did not offer.
                _ => {}
            }
        }
    }
    if !is_done && haves > 0 && !acknowledge(wire, offer, &wanted)? {
        return Ok(());
    }
    let selection = select(&wanted, &offer.objects, &offer.refs)?;
    if wanted.depth.is_some() {
        wire.line("shallow-info\n");
        tell_boundary(wire, &selection);
        wire.delimiter();
    }
    wire.line("packfile\n");
    wire.enable_side_band();
    let keep_alive = KeepAlive::start(wire.clone(), Progress::new(wire.clone(), wanted.is_quiet));
    let sent = send(wire, offer, &wanted, selection.ids);
    drop(keep_alive);
    sent?;
    wire.flush_packet();
    wire.disable_side_band();
    Ok(())
}

/// Answers haves; true when the pack can follow.
fn acknowledge(wire: &Wire, offer: &Offer<'_>, wanted: &Wanted) -> Outcome<bool> {
    wire.line("acknowledgments\n");
    for id in &wanted.common {
        wire.line(&format!("ACK {id}\n"));
    }
    if wanted.common.is_empty() {
        wire.line("NAK\n");
    }
    let is_enough = is_enough(wanted, &offer.objects)?;
    if is_enough {
        wire.line("ready\n");
        wire.delimiter();
    } else {
        wire.flush_packet();
    }
    Ok(is_enough)
}
