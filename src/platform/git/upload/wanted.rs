//! What a client wants, in whichever protocol it said so.

use gix_hash::ObjectId;

use crate::model::{Fault, Outcome};
use crate::platform::git::objects::Objects;

/// The wish of a fetch.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub wants: Vec<ObjectId>,
    /// What both sides have, as far as the client said.
    pub common: Vec<ObjectId>,
    /// Commits whose parents the client lacks.
    pub client_shallow: Vec<ObjectId>,
    /// Not more than so many commits deep.
    pub depth: Option<u32>,
    pub takes_thin_pack: bool,
    pub takes_tags: bool,
    /// The client fetches file contents later, when it needs them (`--filter=blob:none`).
    pub without_blobs: bool,
    pub is_quiet: bool,
}

impl Wanted {
    /// Takes the lines that both protocols share; false when this is none of them.
    pub(super) fn take(&mut self, line: &str, objects: &Objects) -> Outcome<bool> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "want" => self.wants.push(parse_id(rest.split(' ').next().unwrap_or_default(), objects)?),
            "shallow" => self.client_shallow.push(parse_id(rest, objects)?),
            "deepen" => {
                let depth = rest.parse().ok().filter(|depth| *depth > 0);
                self.depth = Some(depth.ok_or_else(|| Fault::new(format!("bad depth '{rest}'")))?);
            }
            "deepen-since" | "deepen-not" | "deepen-relative" => {
                return Err(Fault::new(format!("{word} is not supported: use --depth or --unshallow")));
            }
            "filter" if rest == "blob:none" => self.without_blobs = true,
            "filter" => return Err(Fault::new(format!("the filter {rest} is not supported: use blob:none"))),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Notes that the client has this; true when we have it too.
    pub(super) fn has(&mut self, id: ObjectId, objects: &Objects) -> bool {
        let is_common = objects.contains(&id);
        if is_common {
            self.common.push(id);
        }
        is_common
    }
}

/// Reads an object id of the repository's hash.
pub(super) fn parse_id(hex: &str, objects: &Objects) -> Outcome<ObjectId> {
    ObjectId::from_hex(hex.as_bytes())
        .ok()
        .filter(|id| id.kind() == objects.hash())
        .ok_or_else(|| Fault::new(format!("protocol error: bad object id '{hex}'")))
}
