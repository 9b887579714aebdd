//! Many packs become one: each push brings its own, and every look-up asks them all.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use gix_hash::ObjectId;

use super::Repository;
use super::receive::{is_owned, quarantines, repack};
use super::upload::write_pack;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;

/// From this many packs on, merging pays.
const MANY: usize = 50;

/// A pack that may be merged.
pub(super) struct Pack {
    /// The file that holds the objects.
    pub path: PathBuf,
    /// Its length.
    pub bytes: u64,
}

impl Repository {
    /// True when so many packs have piled up that [`Repository::consolidate`] is worth its time.
    ///
    /// # Errors
    /// When the object folder cannot be read.
    pub fn is_consolidation_due(&self) -> Outcome<bool> {
        Ok(packs(self)?.len() >= MANY)
    }

    /// Merges packs into one; true when it did. Pushes wait meanwhile, readers do not. Nothing is done
    /// while a push is on its way, for its objects may lean on a pack that would go.
    ///
    /// Packs much larger than all smaller ones together stay as they are, so that the work follows what
    /// was pushed and not the size of the repository.
    ///
    /// # Errors
    /// When a pack cannot be read or written. All old packs are then still there.
    pub fn consolidate(&self) -> Outcome<bool> {
        let _lock = self.lock()?;
        let objects = self.objects_folder();
        if quarantines(&objects)?.iter().any(|folder| is_owned(folder)) {
            return Ok(false);
        }
        let old = worth_merging(packs(self)?);
        if old.len() < 2 {
            return Ok(false);
        }
        let ids = ids_of(self, &old)?;
        let name = self.merge(&ids)?;
        for pack in old.iter().filter(|pack| pack.path.file_stem().is_none_or(|stem| stem != name.as_str())) {
            remove_pack(pack)?;
        }
        Ok(true)
    }

    /// Writes one pack of these objects, every one of them checked again; gives its name.
    pub(super) fn merge(&self, ids: &[ObjectId]) -> Outcome<String> {
        let (mut reader, writer) = io::pipe().context(|| "cannot make a pipe")?;
        std::thread::scope(|scope| {
            let sender = scope.spawn(move || {
                let mut output = io::BufWriter::with_capacity(1 << 16, writer);
                write_pack(self, ids.to_vec(), false, &mut output)?;
                output.flush().context(|| "cannot write the pack")
            });
            let indexed = repack(self, ids, &mut reader);
            drop(reader);
            let sent = sender.join().unwrap_or_else(|_| Err(Fault::new("writing the pack failed")));
            // The reader's fault explains a broken pipe of the writer, not the other way round.
            match (indexed, sent) {
                (Ok(name), Ok(())) => Ok(name),
                (Err(fault), _) | (Ok(_), Err(fault)) => Err(fault),
            }
        })
    }
}

/// All packs but those that somebody asked git to keep as they are.
pub(super) fn packs(repository: &Repository) -> Outcome<Vec<Pack>> {
    let folder = repository.objects_folder().join("pack");
    let names = files::names(&folder)?;
    let mut packs = Vec::new();
    for name in names.iter().filter_map(|name| name.strip_suffix(".idx")) {
        let path = folder.join(format!("{name}.pack"));
        let is_kept = ["keep", "promisor"].iter().any(|mark| files::exists(&path.with_extension(mark)));
        if let Ok(found) = File::open(&path).and_then(|file| file.metadata())
            && !is_kept
        {
            packs.push(Pack { path, bytes: found.len() });
        }
    }
    Ok(packs)
}

fn worth_merging(mut packs: Vec<Pack>) -> Vec<Pack> {
    packs.sort_by_key(|pack| pack.bytes);
    while let Some((largest, smaller)) = packs.split_last()
        && largest.bytes > 2 * smaller.iter().map(|pack| pack.bytes).sum::<u64>()
    {
        packs.pop();
    }
    packs
}

/// The objects in these packs, each once.
pub(super) fn ids_of<'a>(
    repository: &Repository,
    packs: impl IntoIterator<Item = &'a Pack>,
) -> Outcome<Vec<ObjectId>> {
    let mut ids = Vec::new();
    for pack in packs {
        let path = pack.path.with_extension("idx");
        let index = gix_pack::index::File::<gix_pack::MMap>::at(&path, repository.hash())
            .context(|| format!("cannot read {}", path.display()))?;
        ids.extend(index.iter().map(|entry| entry.oid));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Index first: a pack without one is invisible, an index without its pack is an error.
pub(super) fn remove_pack(pack: &Pack) -> Outcome {
    files::remove(&pack.path.with_file_name("multi-pack-index"))?;
    for extension in ["idx", "rev", "bitmap", "mtimes", "pack"] {
        files::remove(&pack.path.with_extension(extension))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(sizes: &[u64]) -> Vec<u64> {
        let packs = sizes.iter().map(|bytes| Pack { path: PathBuf::new(), bytes: *bytes }).collect();
        worth_merging(packs).iter().map(|pack| pack.bytes).collect()
    }

    #[test]
    fn giants_are_left_alone() {
        assert_eq!(sizes(&[5, 1000, 4, 6]), [4, 5, 6]);
        assert_eq!(sizes(&[10, 10, 10]), [10, 10, 10]);
        assert!(sizes(&[1, 10, 100, 1000]).is_empty(), "one alone is merged with nothing");
        assert!(sizes(&[]).is_empty());
    }
}
