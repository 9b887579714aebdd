//! The door of a fetch.

use std::io::{BufReader, Read, Write};

use super::{v0, v2};
use crate::model::{Context, Outcome};
use crate::platform::git::objects::Objects;
use crate::platform::git::wire::{Protocol, Wire};
use crate::platform::git::{Reference, Repository};

/// Speaks git-upload-pack with a client: blocking, until the client has what it wants or hangs up.
///
/// # Errors
/// When the repository cannot be read, or the client breaks the protocol.
pub fn upload_pack(
    input: &mut dyn Read,
    output: Box<dyn Write + Send>,
    repository: &Repository,
    protocol: Protocol,
) -> Outcome {
    let wire = Wire::new(output);
    let mut input = BufReader::with_capacity(1 << 16, input);
    let outcome = Offer::of(repository).and_then(|offer| match protocol {
        Protocol::V0 | Protocol::V1 => v0::serve(&mut input, &wire, &offer, protocol),
        Protocol::V2 => v2::serve(&mut input, &wire, &offer),
    });
    if let Err(fault) = &outcome {
        wire.error(&fault.message);
    }
    outcome
}

/// What there is to fetch.
pub(super) struct Offer<'a> {
    pub repository: &'a Repository,
    pub refs: Vec<Reference>,
    /// The full name that HEAD stands for.
    pub head: Option<String>,
    /// The commit that HEAD is, where it names no branch.
    pub detached: Option<gix_hash::ObjectId>,
    pub objects: Objects,
}

impl<'a> Offer<'a> {
    fn of(repository: &'a Repository) -> Outcome<Self> {
        let head = repository.head_branch()?;
        Ok(Offer {
            repository,
            refs: repository.refs().list()?,
            detached: if head.is_none() { repository.resolve("HEAD")? } else { None },
            head: head.map(|branch| format!("refs/heads/{branch}")),
            objects: repository.objects()?,
        })
    }

    /// What HEAD points at; `None` while its branch is not born.
    pub(super) fn head_id(&self) -> Option<gix_hash::ObjectId> {
        let Some(head) = self.head.as_deref() else { return self.detached };
        self.refs.iter().find(|reference| reference.name == head).map(|reference| reference.id)
    }

    /// What a tag peels to, if it is an annotated one.
    pub(super) fn peeled(&self, reference: &Reference) -> Outcome<Option<gix_hash::ObjectId>> {
        if !reference.name.starts_with("refs/tags/") {
            return Ok(None);
        }
        let peeled =
            self.objects.peel(&reference.id).context(|| format!("cannot read {}", reference.name))?;
        Ok((peeled != reference.id).then_some(peeled))
    }
}
