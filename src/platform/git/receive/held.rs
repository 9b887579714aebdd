//! A push that was cut off after its objects had arrived: what it takes to decide on it once more.

use gix_hash::ObjectId;
use serde::{Deserialize, Serialize};

use super::push::{Push, RefUpdate};
use super::quarantine::seal_packs;
use crate::model::{Context, Outcome};
use crate::platform::git::Repository;

/// What is written down of it. Its objects stay in their quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldPush {
    /// The folder of the quarantine, among the repository's objects.
    pub quarantine: String,
    /// What it wants to change.
    pub updates: Vec<HeldUpdate>,
    /// What the client gave with `git push -o`.
    #[serde(default)]
    pub options: Vec<String>,
    /// All updates or none.
    #[serde(default)]
    pub is_atomic: bool,
}

/// One of its updates. Objects are in hexadecimal; none stands for no reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldUpdate {
    /// The full name of the reference.
    pub name: String,
    /// What the client saw there.
    pub old: Option<String>,
    /// What shall stand there.
    pub new: Option<String>,
}

impl Push<'_> {
    /// What is to be written down for the case that this push is cut off. None for one without objects: it only deletes.
    pub fn held(&self) -> Option<HeldPush> {
        let quarantine = self.quarantine.as_ref()?.file_name()?.to_str()?.to_owned();
        let hex = |id: &Option<ObjectId>| id.as_ref().map(ToString::to_string);
        let updates = self.updates.iter().map(|update| HeldUpdate {
            name: update.name.clone(),
            old: hex(&update.old),
            new: hex(&update.new),
        });
        let (updates, options) = (updates.collect(), self.options.clone());
        Some(HeldPush { quarantine, updates, options, is_atomic: self.is_atomic })
    }
}

impl HeldPush {
    /// Waits until its objects are on disk.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn seal(&self, repository: &Repository) -> Outcome {
        seal_packs(&repository.objects_folder().join(&self.quarantine).join("pack"))
    }

    /// Its updates, as a client would ask for them.
    pub(super) fn updates(&self) -> Outcome<Vec<RefUpdate>> {
        self.updates.iter().map(HeldUpdate::read).collect()
    }
}

impl HeldUpdate {
    fn read(&self) -> Outcome<RefUpdate> {
        let id = |text: &Option<String>| {
            let id = text.as_ref().map(|text| ObjectId::from_hex(text.as_bytes()));
            id.transpose().context(|| format!("cannot read what a push wants of {}", self.name))
        };
        Ok(RefUpdate { name: self.name.clone(), old: id(&self.old)?, new: id(&self.new)? })
    }
}
