//! What the client asks for, read from the wire.

use std::io::Read;

use gix_hash::ObjectId;

use super::held::HeldPush;
use super::push::{Limits, RefUpdate};
use crate::model::{Fault, Outcome};
use crate::platform::git::wire::{Packet, format_name, read_packet};

/// The client's request, up to the pack.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub updates: Vec<RefUpdate>,
    pub options: Vec<String>,
    /// The client has only part of its history.
    pub is_shallow: bool,
    pub wants_report: bool,
    pub wants_side_band: bool,
    pub is_quiet: bool,
    pub is_atomic: bool,
    has_options: bool,
    object_format: Option<String>,
}

impl Request {
    /// What a client asked for that is gone.
    pub(super) fn of_held(held: &HeldPush) -> Outcome<Self> {
        let (updates, options) = (held.updates()?, held.options.clone());
        Ok(Request { updates, options, is_atomic: held.is_atomic, ..Request::default() })
    }
}

/// The most that `git push -o` may bring.
const MAX_OPTIONS: usize = 1000;

/// Reads the request; `None` when the client wants nothing (all up to date) or is gone.
pub(super) fn read(input: &mut dyn Read, hash: gix_hash::Kind, limits: &Limits) -> Outcome<Option<Request>> {
    let mut request = Request::default();
    loop {
        let line = match read_packet(input)? {
            Packet::Line(line) => line,
            Packet::Flush if request.updates.is_empty() => return Ok(None),
            Packet::Flush => break,
            Packet::End if request.updates.is_empty() => return Ok(None),
            Packet::End => return Err(Fault::new("the git client hung up in the middle of its request")),
            Packet::Delimiter => return Err(Fault::new("protocol error: unexpected delimiter packet")),
        };
        if line.starts_with(b"shallow ") {
            request.is_shallow = true;
        } else if line.starts_with(b"push-cert") {
            return Err(Fault::new("protocol error: signed pushes were not offered"));
        } else {
            if request.updates.len() >= limits.updates {
                return Err(Fault::new(format!("more than {} references in one push", limits.updates))
                    .hint("Push them in several parts"));
            }
            request.add(&line, hash)?;
        }
    }
    if let Some(format) = request.object_format.as_deref().filter(|format| *format != format_name(hash)) {
        return Err(Fault::new(format!(
            "the repository names objects by {}, the client by {format}",
            format_name(hash)
        )));
    }
    if request.has_options {
        while let Packet::Line(line) = read_packet(input)? {
            if request.options.len() >= MAX_OPTIONS {
                return Err(Fault::new(format!("more than {MAX_OPTIONS} push options")));
            }
            request.options.push(String::from_utf8_lossy(&line).into_owned());
        }
    }
    Ok(Some(request))
}

impl Request {
    fn add(&mut self, line: &[u8], hash: gix_hash::Kind) -> Outcome {
        let (command, capabilities) = match line.iter().position(|byte| *byte == 0) {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &[][..]),
        };
        self.take_capabilities(&String::from_utf8_lossy(capabilities));
        let update = parse_update(command, hash).ok_or_else(|| {
            Fault::new(format!("protocol error: expected 'OLD NEW REF', got '{}'", command.escape_ascii()))
        })?;
        self.updates.push(update);
        Ok(())
    }

    fn take_capabilities(&mut self, words: &str) {
        for word in words.split_ascii_whitespace() {
            match word {
                "report-status" | "report-status-v2" => self.wants_report = true,
                "side-band-64k" => self.wants_side_band = true,
                "quiet" => self.is_quiet = true,
                "atomic" => self.is_atomic = true,
                "push-options" => self.has_options = true,
                // Others are the client's name, its session, or what we did not offer.
                other => {
                    if let Some(format) = other.strip_prefix("object-format=") {
                        self.object_format = Some(format.to_owned());
                    }
                }
            }
        }
    }
}

fn parse_update(command: &[u8], hash: gix_hash::Kind) -> Option<RefUpdate> {
    // A name that is not UTF-8 is legal for git. It could be no file name of Dokku's, and gets its own refusal.
    let text = String::from_utf8_lossy(command);
    let mut words = text.splitn(3, ' ');
    let mut id = || {
        let hex = words.next().filter(|hex| hex.len() == hash.len_in_hex())?;
        ObjectId::from_hex(hex.as_bytes()).ok()
    };
    let (old, new) = (id()?, id()?);
    let name = words.next().filter(|name| !name.is_empty())?.to_owned();
    let unless_null = |id: ObjectId| (!id.is_null()).then_some(id);
    Some(RefUpdate { name, old: unless_null(old), new: unless_null(new) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const ZERO: &str = "0000000000000000000000000000000000000000";

    fn line(text: &str) -> String {
        format!("{:04x}{text}", text.len() + 4)
    }

    fn request(text: &str) -> Outcome<Option<Request>> {
        read(&mut text.as_bytes(), gix_hash::Kind::Sha1, &Limits { updates: 2, ..Limits::default() })
    }

    #[test]
    fn a_request_with_all_the_trimmings() {
        let text = [
            line(&format!("shallow {A}")),
            line(&format!(
                "{ZERO} {A} refs/heads/a b\0 report-status-v2 side-band-64k atomic push-options quiet"
            )),
            line(&format!("{A} {ZERO} refs/heads/old\n")),
            "0000".into(),
            line("skip=1"),
            "0000".into(),
        ]
        .concat();
        let request = request(&text).expect("good").expect("something");
        assert!(request.wants_report && request.wants_side_band && request.is_atomic && request.is_quiet);
        assert!(request.is_shallow);
        assert_eq!(request.options, ["skip=1"]);
        assert_eq!(request.updates[0].name, "refs/heads/a b");
        assert_eq!((request.updates[0].old, request.updates[1].new), (None, None));
    }

    #[test]
    fn nothing_wanted_is_no_error() {
        assert!(request("0000").expect("good").is_none());
        assert!(request("").expect("good").is_none());
    }

    #[test]
    fn what_makes_no_sense_is_refused_in_words() {
        let update = line(&format!("{ZERO} {A} refs/heads/x"));
        for (text, wanted) in [
            (line("hello") + "0000", "expected 'OLD NEW REF'"),
            (line(&format!("{ZERO} {A} ")) + "0000", "expected 'OLD NEW REF'"),
            (update.clone(), "hung up"),
            (update.clone() + "0001", "delimiter"),
            (update.repeat(3) + "0000", "more than 2 references"),
            (line(&format!("{ZERO} {A} refs/x\0object-format=sha256")) + "0000", "sha256"),
        ] {
            let fault = request(&text).expect_err("refused");
            assert!(fault.message.contains(wanted), "{}", fault.message);
        }
    }
}
