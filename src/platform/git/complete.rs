//! Is what stands in the repository complete? Every object that came through `receive` is; those of a
//! repository that a plain git filled are looked at once, and the answer is written down.

use std::collections::HashSet;

use gix_hash::ObjectId;

use super::Repository;
use super::objects::{Kind, Object, Objects, check};
use super::upload::reachable;
use crate::model::{Context, Fault, Outcome};
use crate::platform::files;

/// The objects that new ones may lean on.
pub(super) struct Known {
    objects: Objects,
    /// Only these, where the repository also holds remains of others that lack something.
    only: Option<HashSet<ObjectId>>,
}

/// Present when all objects of the repository were found complete, or came in one by one.
const MARKER: &str = "objects/info/dokku-complete";

impl Known {
    /// What of this repository can be leaned on.
    pub(super) fn of(repository: &Repository) -> Outcome<Self> {
        let objects = repository.objects()?;
        if files::exists(&repository.folder().join(MARKER)) {
            return Ok(Known { objects, only: None });
        }
        if all_complete(&objects)? {
            mark_complete(repository)?;
            return Ok(Known { objects, only: None });
        }
        // Half-deleted garbage is common and harmless; a hole in the history is neither, and is told here.
        let tips = repository.refs().list()?.into_iter().map(|reference| reference.id).collect();
        let only = reachable(&objects, tips).map_err(|fault| {
            Fault::new(format!("the repository is incomplete: {}", fault.message))
                .hint("See what is missing with git fsck in the app's repository, or push into a new app")
        })?;
        let only = only.into_iter().collect();
        Ok(Known { objects, only: Some(only) })
    }

    /// True when the object is there with all it needs.
    pub(super) fn contains(&self, id: &ObjectId) -> bool {
        match &self.only {
            Some(only) => only.contains(id),
            None => self.objects.contains(id),
        }
    }

    /// The object, if it is there with all it needs.
    pub(super) fn find(&self, id: &ObjectId) -> Outcome<Option<Object>> {
        if self.only.as_ref().is_some_and(|only| !only.contains(id)) {
            return Ok(None);
        }
        self.objects.find(id)
    }
}

/// Notes that the repository is complete: it is new, or was looked at.
pub(super) fn mark_complete(repository: &Repository) -> Outcome {
    files::write(&repository.folder().join(MARKER), b"", 0o644)
}

/// True when nothing that any object points at is missing.
fn all_complete(objects: &Objects) -> Outcome<bool> {
    let what = || "cannot list the objects of the repository".to_owned();
    let mut looked_at: HashSet<ObjectId> = HashSet::new();
    for id in objects.handle().iter().context(what)? {
        let id = id.context(what)?;
        let kind = objects.kind(&id)?;
        if kind == Some(Kind::Blob) || !looked_at.insert(id) {
            continue;
        }
        let Some(object) = objects.find(&id)? else { return Ok(false) };
        let mut is_complete = true;
        let sound = check(object.kind, &object.data, objects.hash(), |link| {
            is_complete = is_complete && (looked_at.contains(&link.id) || objects.contains(&link.id));
        });
        if sound.is_err() || !is_complete {
            return Ok(false);
        }
    }
    Ok(true)
}
