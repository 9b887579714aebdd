//! Changing references: each against the value the caller expects, all under the repository's lock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use gix_hash::ObjectId;

use super::lockfile::{self, LockFile};
use super::packed::{PackedRef, PackedRefs};
use super::read::{Loose, Refs};
use crate::model::{Context, Outcome};
use crate::platform::files;
use crate::platform::git::objects::Objects;
use crate::platform::lock::Lock;

/// What a reference must be before it is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever it is, or is not.
    Anything,
    /// Not there.
    Absent,
    /// This value.
    Is(ObjectId),
}

/// One change.
#[derive(Clone, Debug)]
pub struct RefChange {
    /// The full name.
    pub name: String,
    /// What it must be now.
    pub expected: Expected,
    /// What it shall be; `None` deletes it.
    pub new: Option<ObjectId>,
}

/// How a set of changes is stored.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    /// All or none: the first refusal refuses the rest.
    pub is_atomic: bool,
    /// Full names that stay loose files however many change at once: scripts read them as files.
    pub stays_loose: Vec<String>,
}

/// More new values than this at once go into `packed-refs`, which costs one fsync instead of one each.
const BULK: usize = 8;

/// Why a change was refused, in the words a pusher sees.
type Refusals = Vec<Option<String>>;

impl Refs<'_> {
    /// Changes references. The result has a refusal, or `None`, for each change.
    ///
    /// # Errors
    /// When reading or writing fails. A change that does not fit what is there is a refusal, not an error.
    pub fn change(&self, changes: &[RefChange], storage: &Storage) -> Outcome<Vec<Option<String>>> {
        let mut lock = self.repository.lock()?;
        super::sweep_locks(self.repository, &mut lock)?;
        self.change_locked(changes, storage, &mut lock)
    }

    /// What [`Refs::change`] would refuse now, without changing anything.
    pub(in crate::platform::git) fn check(&self, changes: &[RefChange]) -> Outcome<Vec<Option<String>>> {
        self.refusals(changes, &self.packed()?)
    }

    /// As [`Refs::change`], for a caller that holds the repository's lock.
    pub(in crate::platform::git) fn change_locked(
        &self,
        changes: &[RefChange],
        storage: &Storage,
        lock: &mut Lock,
    ) -> Outcome<Refusals> {
        let packed = self.packed()?;
        let mut refusals = self.refusals(changes, &packed)?;
        if storage.is_atomic && refusals.iter().any(Option::is_some) {
            refusals.iter_mut().for_each(|refusal| {
                refusal.get_or_insert_with(|| "atomic push failure".to_owned());
            });
        }
        let accepted: Vec<&RefChange> = changes
            .iter()
            .zip(&refusals)
            .filter(|(_, refusal)| refusal.is_none())
            .map(|(change, _)| change)
            .collect();
        if !accepted.is_empty() {
            let plan = self.plan(&accepted, storage, &packed);
            self.perform(&plan, &packed, lock)?;
        }
        Ok(refusals)
    }

    fn refusals(&self, changes: &[RefChange], packed: &PackedRefs) -> Outcome<Refusals> {
        let mut names: Option<BTreeSet<String>> = None;
        let mut seen = BTreeSet::new();
        let mut refusals = Vec::with_capacity(changes.len());
        // Deletions first make room: `a` may go and `a/b` come in one push.
        let deleted: BTreeSet<&str> =
            changes.iter().filter(|change| change.new.is_none()).map(|change| change.name.as_str()).collect();
        for change in changes {
            let mut refusal = super::name_fault(&change.name).map(str::to_owned);
            if refusal.is_none() && !seen.insert(&change.name) {
                refusal = Some("multiple updates for ref not allowed".to_owned());
            }
            if refusal.is_none() {
                let loose = self.read_loose(&change.name)?;
                refusal = value_refusal(change, loose.as_ref(), packed);
                let is_new = loose.is_none() && packed.find(&change.name).is_none();
                if refusal.is_none() && change.new.is_some() && is_new {
                    if names.is_none() {
                        names = Some(self.all_names(packed, &deleted)?);
                    }
                    let names = names.get_or_insert_default();
                    refusal = name_conflict(&change.name, names);
                    if refusal.is_none() {
                        names.insert(change.name.clone());
                    }
                }
            }
            refusals.push(refusal);
        }
        Ok(refusals)
    }

    fn all_names(&self, packed: &PackedRefs, without: &BTreeSet<&str>) -> Outcome<BTreeSet<String>> {
        let packed = packed.entries.iter().map(|entry| entry.name.clone());
        let loose = self.loose()?.into_iter().map(|(name, _)| name);
        Ok(packed.chain(loose).filter(|name| !without.contains(name.as_str())).collect())
    }

    fn plan<'c>(&self, changes: &[&'c RefChange], storage: &Storage, packed: &PackedRefs) -> Plan<'c> {
        let stays_loose = |change: &RefChange| storage.stays_loose.contains(&change.name);
        let updates = changes.iter().filter(|change| change.new.is_some() && !stays_loose(change)).count();
        let mut plan = Plan::default();
        let objects = (updates > BULK).then(|| self.repository.objects().ok()).flatten();
        for change in changes {
            match change.new {
                Some(id) if updates > BULK && !stays_loose(change) => {
                    let peeled = objects.as_ref().and_then(|objects| peel(objects, &id));
                    let entry = PackedRef { name: change.name.clone(), id, peeled };
                    plan.packed.insert(&change.name, Some(entry));
                    if files::exists(&self.repository.folder().join(&change.name)) {
                        plan.loose.push((&change.name, None));
                    }
                }
                Some(id) => plan.loose.push((&change.name, Some(id))),
                None => {
                    if packed.find(&change.name).is_some() {
                        plan.packed.insert(&change.name, None);
                    }
                    plan.loose.push((&change.name, None));
                }
            }
        }
        plan
    }

    fn perform(&self, plan: &Plan<'_>, packed: &PackedRefs, lock: &mut Lock) -> Outcome {
        let folder = self.repository.folder();
        let mut noted: Vec<String> = plan.loose.iter().map(|(name, _)| (*name).to_owned()).collect();
        noted.push("packed-refs".to_owned());
        lockfile::announce(lock, &noted)?;

        let mut loose = Vec::with_capacity(plan.loose.len());
        // Deletions go before creations, so that a folder that must become a file is empty by then.
        for (name, new) in plan.loose.iter().filter(|(_, new)| new.is_none() || plan.packed.is_empty()) {
            if new.is_none() && !files::exists(&folder.join(name)) {
                continue;
            }
            loose.push((*name, *new, LockFile::take(&folder.join(name))?));
        }
        if !plan.packed.is_empty() {
            let file = LockFile::take(&folder.join("packed-refs"))?;
            file.write(packed.with(&plan.packed).text().as_bytes())?;
            file.commit()?;
            sync_folder(folder)?;
        }
        let (gone, mut written): (Vec<_>, Vec<_>) = loose.into_iter().partition(|(_, new, _)| new.is_none());
        for (name, _, file) in gone {
            files::remove(&folder.join(name))?;
            files::remove(&folder.join("logs").join(name))?;
            drop(file);
            remove_empty_parents(folder, name);
        }
        if !plan.packed.is_empty() {
            for (name, new) in plan.loose.iter().filter(|(_, new)| new.is_some()) {
                written.push((*name, *new, LockFile::take(&folder.join(name))?));
            }
        }
        for (name, new, file) in written {
            if let Some(id) = new {
                file.write(format!("{id}\n").as_bytes())?;
                file.commit()?;
                sync_folder(folder.join(name).parent().unwrap_or(folder))?;
            }
        }
        lock.say("")
    }
}

/// What to write where.
#[derive(Default)]
struct Plan<'c> {
    packed: BTreeMap<&'c str, Option<PackedRef>>,
    loose: Vec<(&'c str, Option<ObjectId>)>,
}

fn value_refusal(change: &RefChange, loose: Option<&Loose>, packed: &PackedRefs) -> Option<String> {
    let current = match loose {
        Some(Loose::Symbolic(target)) => return Some(format!("is another name of {target}: push that one")),
        Some(Loose::Id(id)) => Some(*id),
        None => packed.find(&change.name).map(|entry| entry.id),
    };
    match (change.expected, current) {
        (Expected::Anything, _) | (Expected::Absent, None) => None,
        (Expected::Is(expected), Some(current)) if expected == current => None,
        (Expected::Is(_), None) if change.new.is_none() => None,
        (Expected::Absent, Some(current)) => Some(format!("already exists, at {current}: fetch first")),
        (Expected::Is(_), Some(current)) => Some(format!("moved to {current} meanwhile: fetch first")),
        (Expected::Is(_), None) => Some("was deleted meanwhile: fetch first".to_owned()),
    }
}

/// `a` and `a/b` cannot both be references: one is a file where the other needs a folder.
fn name_conflict(name: &str, names: &BTreeSet<String>) -> Option<String> {
    let mut prefix = name;
    while let Some(at) = prefix.rfind('/') {
        prefix = &prefix[..at];
        if names.contains(prefix) {
            return Some(format!("'{prefix}' exists; cannot create '{name}'"));
        }
    }
    let below = format!("{name}/");
    let first = names.range(below.clone()..).next().filter(|first| first.starts_with(&below))?;
    Some(format!("'{first}' exists; cannot create '{name}'"))
}

fn peel(objects: &Objects, id: &ObjectId) -> Option<ObjectId> {
    objects.peel(id).ok().filter(|peeled| peeled != id)
}

fn sync_folder(folder: &Path) -> Outcome {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .context(|| format!("cannot sync the folder {}", folder.display()))
}

/// Removes the folders above a deleted reference that are now empty, but not `refs/heads` and its like.
fn remove_empty_parents(folder: &Path, name: &str) {
    let mut name = name;
    while let Some(at) = name.rfind('/') {
        name = &name[..at];
        if name.matches('/').count() < 2 || std::fs::remove_dir(folder.join(name)).is_err() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::git::Repository;

    fn id(digit: u8) -> ObjectId {
        ObjectId::Sha1([digit; 20])
    }

    fn create(name: &str, new: u8) -> RefChange {
        RefChange { name: name.into(), expected: Expected::Absent, new: Some(id(new)) }
    }

    fn names(repository: &Repository) -> Vec<String> {
        repository.refs().list().expect("readable").into_iter().map(|found| found.name).collect()
    }

    fn refusal(repository: &Repository, change: RefChange) -> Option<String> {
        let mut refusals = repository.refs().change(&[change], &Storage::default()).expect("works");
        refusals.pop().flatten()
    }

    fn bulk(prefix: &str) -> Vec<RefChange> {
        (0..20).map(|n| create(&format!("{prefix}/b{n:02}"), 1)).collect()
    }

    #[test]
    fn few_are_loose_many_are_packed_but_the_deploy_branch_stays_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Repository::init(folder.path(), "main", None).expect("made");
        assert_eq!(refusal(&repository, create("refs/heads/one", 1)), None);
        assert!(folder.path().join("refs/heads/one").is_file());

        let mut many = bulk("refs/heads");
        many.push(create("refs/heads/main", 2));
        let storage = Storage { stays_loose: vec!["refs/heads/main".into()], ..Storage::default() };
        let refusals = repository.refs().change(&many, &storage).expect("works");
        assert!(refusals.iter().all(Option::is_none), "{refusals:?}");
        assert!(!folder.path().join("refs/heads/b00").exists());
        assert!(folder.path().join("refs/heads/main").is_file());
        assert_eq!(names(&repository).len(), 22);
        assert_eq!(repository.refs().find("refs/heads/main").expect("readable"), Some(id(2)));
    }

    #[test]
    fn a_folder_and_a_file_exclude_each_other_in_both_forms() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Repository::init(folder.path(), "main", None).expect("made");
        repository.refs().change(&bulk("refs/heads/deep"), &Storage::default()).expect("works");
        assert!(refusal(&repository, create("refs/heads/deep", 1)).is_some_and(|why| why.contains("exists")));
        assert!(
            refusal(&repository, create("refs/heads/deep/b00/x", 1))
                .is_some_and(|why| why.contains("exists"))
        );
        assert_eq!(refusal(&repository, create("refs/heads/q/w", 1)), None);
        assert!(refusal(&repository, create("refs/heads/q", 1)).is_some());

        let gone = RefChange { name: "refs/heads/q/w".into(), expected: Expected::Is(id(1)), new: None };
        let refusals = repository.refs().change(&[create("refs/heads/q", 1), gone], &Storage::default());
        assert_eq!(refusals.expect("works"), [None, None], "one goes, the other comes");
        assert!(folder.path().join("refs/heads/q").is_file());
    }

    #[test]
    fn the_expected_value_must_hold_even_for_the_same_new_value() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Repository::init(folder.path(), "main", None).expect("made");
        repository.refs().change(&[create("refs/heads/x", 1)], &Storage::default()).expect("works");
        assert!(refusal(&repository, create("refs/heads/x", 1)).is_some());
        let stale =
            RefChange { name: "refs/heads/x".into(), expected: Expected::Is(id(2)), new: Some(id(3)) };
        assert!(refusal(&repository, stale.clone()).is_some_and(|why| why.contains("moved")));

        let storage = Storage { is_atomic: true, ..Storage::default() };
        let refusals =
            repository.refs().change(&[create("refs/heads/y", 1), stale], &storage).expect("works");
        assert!(refusals.iter().all(Option::is_some));
        assert_eq!(names(&repository), ["refs/heads/x"]);
    }

    #[test]
    fn packed_references_are_updated_and_deleted_for_good() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Repository::init(folder.path(), "main", None).expect("made");
        repository.refs().change(&bulk("refs/heads"), &Storage::default()).expect("works");
        let update =
            RefChange { name: "refs/heads/b00".into(), expected: Expected::Is(id(1)), new: Some(id(2)) };
        assert_eq!(refusal(&repository, update), None);
        assert_eq!(repository.refs().find("refs/heads/b00").expect("readable"), Some(id(2)));
        let delete = RefChange { name: "refs/heads/b00".into(), expected: Expected::Is(id(2)), new: None };
        assert_eq!(refusal(&repository, delete), None);
        assert_eq!(repository.refs().find("refs/heads/b00").expect("readable"), None);
        assert_eq!(names(&repository).len(), 19);
    }

    #[test]
    fn lock_files_of_a_killed_process_are_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Repository::init(folder.path(), "main", None).expect("made");
        let mut lock = repository.lock().expect("free");
        lockfile::announce(&mut lock, &["refs/heads/main".into(), "packed-refs".into()]).expect("written");
        drop(lock);
        for name in ["refs/heads/main.lock", "packed-refs.lock"] {
            std::fs::write(folder.path().join(name), "half").expect("written");
        }
        assert_eq!(refusal(&repository, create("refs/heads/main", 1)), None);
        assert!(!folder.path().join("packed-refs.lock").exists());
    }
}
