//! Reading references.

use std::collections::BTreeMap;
use std::path::Path;

use gix_hash::ObjectId;

use super::packed::PackedRefs;
use crate::model::{Fault, Outcome};
use crate::platform::files;
use crate::platform::git::Repository;

/// A reference and what it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The full name, such as `refs/heads/main`.
    pub name: String,
    /// The object; of a tag this may be the tag object.
    pub id: ObjectId,
}

/// The references of a repository.
#[derive(Debug)]
pub struct Refs<'a> {
    pub(super) repository: &'a Repository,
}

/// What a loose reference file says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Loose {
    Id(ObjectId),
    /// The full name of another reference.
    Symbolic(String),
}

impl<'a> Refs<'a> {
    pub(in crate::platform::git) fn new(repository: &'a Repository) -> Self {
        Refs { repository }
    }

    /// All references, sorted by name. Symbolic ones are followed; one that leads nowhere is left out.
    ///
    /// # Errors
    /// When a reference cannot be read.
    pub fn list(&self) -> Outcome<Vec<Reference>> {
        let mut all: BTreeMap<String, ObjectId> =
            self.packed()?.entries.into_iter().map(|entry| (entry.name, entry.id)).collect();
        let mut symbolic = Vec::new();
        for (name, loose) in self.loose()? {
            match loose {
                Loose::Id(id) => {
                    all.insert(name, id);
                }
                Loose::Symbolic(target) => symbolic.push((name, target)),
            }
        }
        for (name, target) in symbolic {
            match all.get(&target).copied() {
                Some(id) => all.insert(name, id),
                None => all.remove(&name),
            };
        }
        Ok(all.into_iter().map(|(name, id)| Reference { name, id }).collect())
    }

    /// What the reference of this full name points at; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn find(&self, name: &str) -> Outcome<Option<ObjectId>> {
        if super::name_fault(name).is_some() {
            return Ok(None);
        }
        let mut name = name.to_owned();
        for _ in 0..5 {
            match self.read_loose(&name)? {
                Some(Loose::Id(id)) => return Ok(Some(id)),
                Some(Loose::Symbolic(target)) => name = target,
                None => return Ok(self.packed()?.find(&name).map(|entry| entry.id)),
            }
        }
        Err(Fault::new(format!("the symbolic reference {name} leads in a circle")))
    }

    pub(super) fn packed(&self) -> Outcome<PackedRefs> {
        PackedRefs::read(&self.repository.folder().join("packed-refs"), self.repository.hash())
    }

    pub(super) fn read_loose(&self, name: &str) -> Outcome<Option<Loose>> {
        let path = self.repository.folder().join(name);
        if files::is_folder(&path) {
            return Ok(None);
        }
        let Some(text) = files::read_text(&path)? else { return Ok(None) };
        match self.parse_loose(&text) {
            Some(loose) => Ok(Some(loose)),
            None => {
                Err(Fault::new(format!("the reference {name} is broken: its file says '{}'", text.trim()))
                    .hint(format!("Write an object id into {}, or delete the file", path.display())))
            }
        }
    }

    fn parse_loose(&self, text: &str) -> Option<Loose> {
        if let Some(target) = text.strip_prefix("ref:") {
            return Some(Loose::Symbolic(target.trim().to_owned()));
        }
        let id = ObjectId::from_hex(text.trim().as_bytes()).ok()?;
        (id.kind() == self.repository.hash()).then_some(Loose::Id(id))
    }

    /// All loose references with their full names.
    pub(super) fn loose(&self) -> Outcome<Vec<(String, Loose)>> {
        let mut found = Vec::new();
        self.collect(&self.repository.folder().join("refs"), "refs", &mut found)?;
        Ok(found)
    }

    fn collect(&self, folder: &Path, prefix: &str, found: &mut Vec<(String, Loose)>) -> Outcome {
        for entry in files::names(folder)? {
            let name = format!("{prefix}/{entry}");
            let path = folder.join(&entry);
            if files::is_folder(&path) {
                self.collect(&path, &name, found)?;
            } else if super::name_fault(&name).is_none()
                && let Some(text) = files::read_text(&path)?
                // A broken file hides one reference, not the repository; `find` tells about it.
                && let Some(loose) = self.parse_loose(&text)
            {
                found.push((name, loose));
            }
        }
        Ok(())
    }
}
