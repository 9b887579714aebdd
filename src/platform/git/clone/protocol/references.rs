//! What the server has: its references, and what it can do.

use std::collections::HashSet;
use std::io::Read;

use gix_hash::{Kind, ObjectId};

use super::{Guard, line, packet};
use crate::model::{Fault, Outcome};
use crate::platform::git::clone::ask::Deadline;
use crate::platform::git::clone::remote::Transport;
use crate::platform::git::wire::{Packet, agent, format_name};

/// A reference of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::platform::git::clone) struct RemoteRef {
    /// `HEAD`, or the full name.
    pub name: String,
    pub id: ObjectId,
    /// The full name of the reference it stands for.
    pub leads_to: Option<String>,
}

/// What the server says of itself.
#[derive(Debug)]
pub(in crate::platform::git::clone) struct Advertised {
    pub refs: Vec<RemoteRef>,
    pub hash: Kind,
    /// Protocol v2.
    pub is_modern: bool,
    pub capabilities: Vec<String>,
    /// Commits whose parents the server itself lacks.
    pub shallow: HashSet<ObjectId>,
}

impl Advertised {
    /// True when the server has the capability; of protocol v2's `fetch` a word behind it.
    pub(super) fn can(&self, word: &str) -> bool {
        if !self.is_modern {
            return self.capabilities.iter().any(|found| found == word);
        }
        let fetch = self.capabilities.iter().find_map(|found| found.strip_prefix("fetch="));
        fetch.is_some_and(|words| words.split(' ').any(|found| found == word))
    }

    /// True when a single commit without its history can be had.
    pub(in crate::platform::git::clone) fn can_be_shallow(&self) -> bool {
        self.can("shallow")
    }

    /// True when a commit can be asked for that no reference names.
    pub(in crate::platform::git::clone) fn gives_any_commit(&self) -> bool {
        self.is_modern || self.can("allow-any-sha1-in-want") || self.can("allow-reachable-sha1-in-want")
    }
}

/// The most bytes of a list of references: a million of them.
const LIST: u64 = 128 << 20;

/// Asks for the references.
pub(in crate::platform::git::clone) fn list(
    transport: &mut dyn Transport,
    deadline: Deadline,
) -> Outcome<Advertised> {
    let mut advertised = greet(&mut Guard::new(transport.greeting()?, LIST, deadline))?;
    if !advertised.is_modern {
        return Ok(advertised);
    }
    let mut request = line("command=ls-refs") + &line(&agent());
    if advertised.capabilities.iter().any(|found| found.starts_with("object-format=")) {
        request += &line(&format!("object-format={}", format_name(advertised.hash)));
    }
    request += "0001";
    for word in ["peel", "symrefs", "ref-prefix HEAD", "ref-prefix refs/heads/", "ref-prefix refs/tags/"] {
        request += &line(word);
    }
    request += "0000";
    let mut answer = Guard::new(transport.ask(request.as_bytes())?, LIST, deadline);
    loop {
        match packet(&mut answer)? {
            Packet::Line(text) => {
                let text = String::from_utf8_lossy(&text);
                // The branch of an empty repository, which is not born yet.
                if !text.starts_with("unborn ") {
                    advertised.refs.push(modern_ref(&text, advertised.hash)?);
                }
            }
            Packet::Flush => return Ok(advertised),
            Packet::Delimiter | Packet::End => return Err(Fault::new("the list of references is cut short")),
        }
    }
}

/// Reads the first words, which for the old protocol are the references already.
fn greet(input: &mut dyn Read) -> Outcome<Advertised> {
    let mut advertised = Advertised {
        refs: Vec::new(),
        hash: Kind::Sha1,
        is_modern: false,
        capabilities: Vec::new(),
        shallow: HashSet::new(),
    };
    let (mut is_first, mut is_banner) = (true, false);
    loop {
        match packet(input)? {
            Packet::Line(text) if text.starts_with(b"# service=") => is_banner = true,
            Packet::Flush if is_banner => is_banner = false,
            Packet::Line(text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                match text.as_str() {
                    "version 2" if is_first => advertised.is_modern = true,
                    "version 1" if is_first => continue,
                    _ if advertised.is_modern => advertised.capabilities.push(text),
                    _ => old_line(&mut advertised, &text)?,
                }
                is_first = false;
            }
            Packet::Flush => break,
            Packet::Delimiter | Packet::End => {
                return Err(Fault::new("the other side hung up before it said anything of use"));
            }
        }
    }
    if advertised.is_modern {
        advertised.hash = hash_of(&advertised.capabilities)?;
    }
    Ok(advertised)
}

/// A line of the old list: `ID NAME`, the first one with the capabilities behind a zero byte.
fn old_line(advertised: &mut Advertised, text: &str) -> Outcome {
    let (text, capabilities) = text.split_once('\0').map_or((text, None), |(a, b)| (a, Some(b)));
    if let Some(words) = capabilities {
        advertised.capabilities = words.split(' ').map(str::to_owned).collect();
        advertised.hash = hash_of(&advertised.capabilities)?;
    }
    let bad = || Fault::new(format!("protocol error: '{}' is no reference", text.escape_debug()));
    let (first, name) = text.split_once(' ').ok_or_else(bad)?;
    if first == "shallow" {
        advertised.shallow.insert(id(name, advertised.hash).ok_or_else(bad)?);
        return Ok(());
    }
    // An empty repository says its capabilities behind a name that is none; peeled tags are worked out here.
    if name == "capabilities^{}" || name.ends_with("^{}") {
        return Ok(());
    }
    let symrefs = advertised.capabilities.iter().filter_map(|word| word.strip_prefix("symref="));
    let leads_to = symrefs.filter_map(|word| word.split_once(':')).find(|(from, _)| *from == name);
    advertised.refs.push(RemoteRef {
        name: name.to_owned(),
        id: id(first, advertised.hash).ok_or_else(bad)?,
        leads_to: leads_to.map(|(_, to)| to.to_owned()),
    });
    Ok(())
}

/// A line of the new list: `ID NAME`, then words about it.
fn modern_ref(text: &str, hash: Kind) -> Outcome<RemoteRef> {
    let bad = || Fault::new(format!("protocol error: '{}' is no reference", text.escape_debug()));
    let mut words = text.split(' ');
    let (Some(hex), Some(name)) = (words.next(), words.next()) else { return Err(bad()) };
    let leads_to = words.find_map(|word| word.strip_prefix("symref-target:")).map(str::to_owned);
    Ok(RemoteRef { name: name.to_owned(), id: id(hex, hash).ok_or_else(bad)?, leads_to })
}

fn hash_of(capabilities: &[String]) -> Outcome<Kind> {
    let named = capabilities.iter().find_map(|word| word.strip_prefix("object-format="));
    match named.unwrap_or("sha1") {
        "sha1" => Ok(Kind::Sha1),
        "sha256" => Ok(Kind::Sha256),
        other => Err(Fault::new(format!("the server names its objects by {}", other.escape_debug()))),
    }
}

pub(super) fn id(hex: &str, hash: Kind) -> Option<ObjectId> {
    ObjectId::from_hex(hex.as_bytes()).ok().filter(|id| id.kind() == hash)
}
