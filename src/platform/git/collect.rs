//! Collecting garbage: what no reference leads to any more goes, and all else becomes one pack.

use std::collections::HashSet;
use std::path::PathBuf;

use gix_hash::ObjectId;

use super::Repository;
use super::consolidate::{Pack, ids_of, packs, remove_pack};
use super::receive::{is_owned, quarantines};
use super::upload::reachable;
use crate::model::{Fault, Outcome};
use crate::platform::files;

/// For how long what nothing leads to is kept: who has overwritten a branch may want the old one back. Two weeks,
/// as git's `gc.pruneExpire` has it.
const GRACE_SECONDS: i64 = 14 * 24 * 3600;

/// What a collection came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Bytes of the object folder's packs and loose objects before.
    pub before: u64,
    /// The same afterwards.
    pub after: u64,
}

/// An object in a file of its own.
struct Loose {
    id: ObjectId,
    path: PathBuf,
}

impl Repository {
    /// Makes one pack of all objects that references lead to, and of what came in the last two weeks before `now`
    /// (seconds since 1970); everything else goes. `None` while a push is on its way, whose objects may lean on what
    /// would go. Pushes wait meanwhile, readers do not.
    ///
    /// # Errors
    /// When an object is missing or broken, or the pack cannot be written. Nothing has gone then.
    pub fn collect_garbage(&self, now: i64) -> Outcome<Option<Collected>> {
        let _lock = self.lock()?;
        if quarantines(&self.objects_folder())?.iter().any(|folder| is_owned(folder)) {
            return Ok(None);
        }
        for (file, what) in [("objects/info/alternates", "leans on another one"), ("shallow", "is shallow")] {
            if files::exists(&self.folder().join(file)) {
                let folder = self.folder().display();
                return Err(Fault::new(format!("{folder} {what}: its garbage is not collected")));
            }
        }
        let (old, loose) = (packs(self)?, self.loose()?);
        let before = bytes(&old, &loose);
        let ids = self.worth_keeping(&old, &loose, now - GRACE_SECONDS)?;
        let name = if ids.is_empty() { String::new() } else { self.merge(&ids)? };
        // A plain git keeps a cache of commits there. Were it to name commits that are gone, that git would believe it.
        files::remove(&self.objects_folder().join("info/commit-graph"))?;
        files::remove_folder(&self.objects_folder().join("info/commit-graphs"))?;
        for pack in old.iter().filter(|pack| pack.path.file_stem().is_none_or(|stem| stem != name.as_str())) {
            remove_pack(pack)?;
        }
        for one in &loose {
            files::remove(&one.path)?;
        }
        Ok(Some(Collected { before, after: bytes(&packs(self)?, &self.loose()?) }))
    }

    fn worth_keeping(&self, packs: &[Pack], loose: &[Loose], since: i64) -> Outcome<Vec<ObjectId>> {
        let objects = self.objects()?;
        let mut tips: Vec<ObjectId> = self.refs().list()?.into_iter().map(|reference| reference.id).collect();
        tips.extend(self.resolve("HEAD")?);
        let ids = reachable(&objects, tips.clone())?;
        let led_to: HashSet<ObjectId> = ids.iter().copied().collect();
        let is_young = |path: &PathBuf| files::modified_at(path).is_none_or(|time| time > since);
        let young: Vec<&Pack> = packs.iter().filter(|pack| is_young(&pack.path)).collect();
        let mut strays = ids_of(self, young)?;
        strays.extend(loose.iter().filter(|one| is_young(&one.path)).map(|one| one.id));
        strays.retain(|id| !led_to.contains(id));
        if strays.is_empty() {
            return Ok(ids);
        }
        // With all that they lead to, however old: half a history would be no history.
        tips.extend(strays);
        reachable(&objects, tips)
    }

    fn loose(&self) -> Outcome<Vec<Loose>> {
        let objects = self.objects_folder();
        let mut found = Vec::new();
        for folder in files::names(&objects)?.into_iter().filter(|name| name.len() == 2) {
            for name in files::names(&objects.join(&folder))? {
                if let Ok(id) = ObjectId::from_hex(format!("{folder}{name}").as_bytes()) {
                    found.push(Loose { id, path: objects.join(&folder).join(name) });
                }
            }
        }
        Ok(found)
    }
}

fn bytes(packs: &[Pack], loose: &[Loose]) -> u64 {
    let loose = loose.iter().filter_map(|one| std::fs::metadata(&one.path).ok());
    packs.iter().map(|pack| pack.bytes).chain(loose.map(|found| found.len())).sum()
}
