//! A push in nouns: what it wants, who decides, what became of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gix_hash::ObjectId;

use crate::model::Outcome;
use crate::platform::git::repository::{self, CommitInfo};
use crate::platform::git::wire::{Progress, Protocol};
use crate::platform::git::{Objects, Repository, Tree};

/// One reference that the push wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    /// The full name, such as `refs/heads/main`. Not yet checked while a request is read.
    pub name: String,
    /// What the client saw there; `None` when nothing.
    pub old: Option<ObjectId>,
    /// What shall stand there; `None` deletes it.
    pub new: Option<ObjectId>,
}

/// A push whose objects have arrived and passed every check, but are not yet part of the repository.
#[derive(Debug)]
pub struct Push<'a> {
    /// Where it goes.
    pub repository: &'a Repository,
    /// The updates to decide on. What git itself forbids is already sorted out.
    pub updates: Vec<RefUpdate>,
    /// What the client gave with `git push -o`.
    pub options: Vec<String>,
    /// All updates or none (`git push --atomic`).
    pub is_atomic: bool,
    /// The object folder of the quarantine; `None` when the push brought no pack (deletions only).
    pub quarantine: Option<PathBuf>,
}

impl Push<'_> {
    /// The objects of the repository together with those of the push.
    ///
    /// # Errors
    /// When an object folder cannot be read.
    pub fn objects(&self) -> Outcome<Objects> {
        match &self.quarantine {
            Some(folder) => Objects::open(folder, self.repository.hash()),
            None => self.repository.objects(),
        }
    }

    /// As [`Repository::commit_info`], objects of the push included.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn commit_info(&self, id: &ObjectId) -> Outcome<CommitInfo> {
        repository::commit_info(&self.objects()?, id)
    }

    /// As [`Repository::is_ancestor`], objects of the push included.
    ///
    /// # Errors
    /// When a commit on the way cannot be read.
    pub fn is_ancestor(&self, ancestor: &ObjectId, commit: &ObjectId) -> Outcome<bool> {
        repository::is_ancestor(&self.objects()?, ancestor, commit)
    }

    /// The tree of a commit, objects of the push included.
    ///
    /// # Errors
    /// When it is not there, or broken.
    pub fn tree(&self, commit: &ObjectId) -> Outcome<Tree> {
        match &self.quarantine {
            Some(folder) => Tree::open(folder, self.repository.hash(), commit),
            None => self.repository.tree(commit),
        }
    }

    /// One of its updates, to be looked at again once others have had their turn.
    pub fn later(&self, update: &RefUpdate) -> Later {
        let folder = self.repository.folder().to_owned();
        Later { folder, quarantine: self.quarantine.clone(), update: update.clone() }
    }

    /// What a plain `git` needs in its environment to see the objects of the push, as git gives it to a
    /// pre-receive hook, push options included.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut env = Vec::new();
        if let Some(folder) = &self.quarantine {
            let quarantine = shown(folder);
            env.push(("GIT_QUARANTINE_PATH".to_owned(), quarantine.clone()));
            env.push(("GIT_OBJECT_DIRECTORY".to_owned(), quarantine));
            let main = shown(&self.repository.objects_folder());
            env.push(("GIT_ALTERNATE_OBJECT_DIRECTORIES".to_owned(), main));
        }
        if !self.options.is_empty() {
            env.push(("GIT_PUSH_OPTION_COUNT".to_owned(), self.options.len().to_string()));
        }
        for (number, option) in self.options.iter().enumerate() {
            env.push((format!("GIT_PUSH_OPTION_{number}"), option.clone()));
        }
        env
    }
}

/// One update of a push that waits, objects still in quarantine.
#[derive(Clone, Debug)]
pub struct Later {
    folder: PathBuf,
    quarantine: Option<PathBuf>,
    update: RefUpdate,
}

impl Later {
    /// What the reference points to now, if it moved while the push waited and the push does not build on it.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn overtaken_by(&self) -> Outcome<Option<ObjectId>> {
        let repository = Repository::open(&self.folder)?;
        let (Some(now), Some(new)) = (repository.refs().find(&self.update.name)?, self.update.new) else {
            return Ok(None);
        };
        if self.update.old == Some(now) || now == new {
            return Ok(None);
        }
        let objects = match &self.quarantine {
            Some(folder) => Objects::open(folder, repository.hash())?,
            None => repository.objects()?,
        };
        // A tag may stand for its commit.
        let builds_on_it = repository::is_ancestor(&objects, &objects.peel(&now)?, &objects.peel(&new)?)?;
        Ok((!builds_on_it).then_some(now))
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What is decided about one update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The reference changes and the objects become part of the repository.
    Accept,
    /// Nothing changes. The text stands in one line behind `! [remote rejected]` at the client.
    Refuse(String),
}

/// Who decides about a push.
pub trait Receiver {
    /// Decides on each update of the push, in their order. Called once, with the objects still in
    /// quarantine; may take as long as a deploy does.
    fn decide(&mut self, push: &Push<'_>, band: &Progress) -> Vec<Verdict>;

    /// Called after the references changed, with what became of every update the client asked for.
    /// The client still listens.
    fn landed(&mut self, _results: &[RefResult], _band: &Progress) {}

    /// Asked after the decision: whether it was cut off. Its objects then stay in their quarantine, for
    /// [`super::receive_held`].
    fn is_cut_off(&self) -> bool {
        false
    }
}

/// What became of one update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefResult {
    /// The update as the client asked for it.
    pub update: RefUpdate,
    /// Why it was refused; `None` when the reference changed.
    pub refusal: Option<String>,
}

/// What became of a push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// One result for each update, in the client's order. Empty when the client wanted nothing.
    pub results: Vec<RefResult>,
    /// True when the client was gone before it could be told.
    pub is_client_gone: bool,
}

/// How much a push may take from the machine.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the pack as sent.
    pub pack_bytes: u64,
    /// What to tell a client whose pack is larger: how the limit is raised.
    pub pack_bytes_hint: Option<String>,
    /// Objects in the pack.
    pub objects: u32,
    /// Bytes of one object that must be held in memory: a folder, a commit, or one sent as a difference.
    pub object_bytes: u64,
    /// Bytes of all objects together, for a pack of no size.
    pub inflated_bytes: u64,
    /// More of them for each byte of the pack. Honest packs stay far below this.
    pub inflation: u64,
    /// Differences upon differences until the full object.
    pub depth: u32,
    /// Distinct objects pointed at.
    pub links: usize,
    /// Time to work out the objects once all bytes are here.
    pub resolve_time: Duration,
    /// References in one push.
    pub updates: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            pack_bytes: 32 << 30,
            pack_bytes_hint: None,
            objects: 50_000_000,
            object_bytes: 1 << 30,
            inflated_bytes: 2 << 30,
            inflation: 300,
            // What git's own pack writer can make at most.
            depth: 4095,
            links: 20_000_000,
            resolve_time: Duration::from_secs(1800),
            updates: 100_000,
        }
    }
}

/// How to receive.
#[derive(Clone, Debug, Default)]
pub struct ReceiveOptions {
    /// The branch that deploys, as a full name: it stays a loose file, and where it moved while the push
    /// waited, a push that builds on the new value is still good.
    pub deploy_ref: Option<String>,
    /// What a push may take.
    pub limits: Limits,
    /// The protocol the client asked for.
    pub protocol: Protocol,
}
