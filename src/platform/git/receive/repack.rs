//! A pack made of packs that are here already, through the same checks as one from outside.

use std::collections::HashSet;
use std::io::Read;

use gix_hash::ObjectId;

use super::index::{self, IndexRequest};
use super::push::Limits;
use super::quarantine::Quarantine;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;
use crate::platform::git::Repository;
use crate::platform::git::complete::Known;

/// Takes a pack of exactly these objects and makes it part of the repository; gives its name without
/// ending. The caller holds the lock.
pub(in crate::platform::git) fn repack(
    repository: &Repository,
    ids: &[ObjectId],
    input: &mut dyn Read,
) -> Outcome<String> {
    let quarantine = Quarantine::make_locked(repository)?;
    let folder = quarantine.folder().join("pack");
    let limits = Limits { inflated_bytes: u64::MAX, pack_bytes: u64::MAX, ..Limits::default() };
    let request = IndexRequest {
        folder: &folder,
        known: Some(Known::of(repository)?),
        hash: repository.hash(),
        shallow: &HashSet::new(),
        limits: &limits,
    };
    index::index_pack(input, request, &|_| ())?;
    let name =
        files::names(&folder)?.into_iter().find_map(|name| name.strip_suffix(".idx").map(str::to_owned));
    let name = name.ok_or_else(|| Fault::new("the merged pack is empty"))?;
    // What could not be read was left out without a word: then nothing may be thrown away.
    let path = folder.join(format!("{name}.idx"));
    let index = gix_pack::index::File::<gix_pack::MMap>::at(&path, repository.hash())
        .context(|| "cannot read the index of the merged pack")?;
    if let Some(id) = ids.iter().find(|id| index.lookup(id).is_none()) {
        return Err(Fault::new(format!("the object {id} did not arrive in the merged pack")));
    }
    drop(index);
    quarantine.sync()?;
    quarantine.land(repository)?;
    Ok(name)
}
