//! The request for objects, and the way to the pack in the answer.

use std::collections::HashSet;
use std::io::Read;

use gix_hash::ObjectId;

use super::band::Band;
use super::references::{Advertised, id};
use super::{Guard, line, packet};
use crate::model::{Fault, Outcome};
use crate::platform::git::clone::ask::Deadline;
use crate::platform::git::clone::remote::Transport;
use crate::platform::git::wire::{Packet, agent, format_name};

/// What is asked for.
pub(in crate::platform::git::clone) struct Wish<'a> {
    /// With all they need, each once.
    pub wants: &'a [ObjectId],
    /// Without the parents of what is wanted.
    pub is_shallow: bool,
    /// The most bytes of the answer.
    pub bytes: u64,
    pub deadline: Deadline,
    pub progress: &'a (dyn Fn(&str) + Sync),
}

/// Asks for objects; the sink reads the pack, and knows which commits come without their parents.
pub(in crate::platform::git::clone) fn fetch(
    transport: &mut dyn Transport,
    advertised: &Advertised,
    wish: &Wish<'_>,
    sink: &mut dyn FnMut(&mut dyn Read, &HashSet<ObjectId>) -> Outcome,
) -> Outcome {
    let request = if advertised.is_modern { modern(advertised, wish) } else { old(advertised, wish)? };
    let answer = transport.ask(request.as_bytes())?;
    let mut answer = Guard::new(answer, wish.bytes.saturating_add(1 << 20), wish.deadline);
    let mut shallow = advertised.shallow.clone();
    let has_bands = if advertised.is_modern {
        modern_head(&mut answer, advertised, &mut shallow)?;
        true
    } else {
        old_head(&mut answer, advertised, wish.is_shallow, &mut shallow)?;
        advertised.can("side-band-64k")
    };
    if has_bands {
        sink(&mut Band::new(&mut answer, wish.progress), &shallow)
    } else {
        sink(&mut answer, &shallow)
    }
}

fn modern(advertised: &Advertised, wish: &Wish<'_>) -> String {
    let mut request = line("command=fetch") + &line(&agent());
    if advertised.capabilities.iter().any(|found| found.starts_with("object-format=")) {
        request += &line(&format!("object-format={}", format_name(advertised.hash)));
    }
    request += "0001";
    request += &line("ofs-delta");
    for want in wish.wants {
        request += &line(&format!("want {want}"));
    }
    if wish.is_shallow {
        request += &line("deepen 1");
    }
    request + &line("done") + "0000"
}

/// The old protocol: capabilities stand behind the first want.
fn old(advertised: &Advertised, wish: &Wish<'_>) -> Outcome<String> {
    let mut words: Vec<String> = ["side-band-64k", "ofs-delta", "shallow"]
        .into_iter()
        .filter(|word| advertised.can(word))
        .map(str::to_owned)
        .collect();
    if advertised.capabilities.iter().any(|word| word.starts_with("agent=")) {
        words.push(agent());
    }
    if advertised.capabilities.iter().any(|word| word.starts_with("object-format=")) {
        words.push(format!("object-format={}", format_name(advertised.hash)));
    }
    let (first, rest) = wish.wants.split_first().ok_or_else(|| Fault::new("nothing is wanted"))?;
    let mut request = line(&format!("want {first} {}", words.join(" ")));
    for want in rest {
        request += &line(&format!("want {want}"));
    }
    if wish.is_shallow {
        request += &line("deepen 1");
    }
    Ok(request + "0000" + &line("done"))
}

/// Reads the sections before the pack.
fn modern_head(answer: &mut dyn Read, advertised: &Advertised, shallow: &mut HashSet<ObjectId>) -> Outcome {
    loop {
        match packet(answer)? {
            Packet::Line(text) if text == b"packfile" => return Ok(()),
            Packet::Line(text) => note_shallow(&text, advertised, shallow)?,
            Packet::Delimiter => {}
            Packet::Flush | Packet::End => return Err(Fault::new("the server sent no pack")),
        }
    }
}

/// Reads the boundary where one was asked for, and the `NAK` before the pack.
fn old_head(
    answer: &mut dyn Read,
    advertised: &Advertised,
    is_shallow: bool,
    shallow: &mut HashSet<ObjectId>,
) -> Outcome {
    let mut in_boundary = is_shallow;
    loop {
        match packet(answer)? {
            Packet::Flush if in_boundary => in_boundary = false,
            Packet::Line(text) if in_boundary => note_shallow(&text, advertised, shallow)?,
            Packet::Line(text) if text == b"NAK" => return Ok(()),
            Packet::Line(_) | Packet::Flush | Packet::Delimiter | Packet::End => {
                return Err(Fault::new("the server sent no pack"));
            }
        }
    }
}

/// Other lines of a section say nothing to a clone.
fn note_shallow(text: &[u8], advertised: &Advertised, shallow: &mut HashSet<ObjectId>) -> Outcome {
    let text = String::from_utf8_lossy(text);
    if let Some(hex) = text.strip_prefix("shallow ") {
        let bad = || Fault::new(format!("protocol error: bad object id '{}'", hex.escape_debug()));
        shallow.insert(id(hex, advertised.hash).ok_or_else(bad)?);
    }
    Ok(())
}
