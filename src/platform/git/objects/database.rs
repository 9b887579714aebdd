//! The object database of a repository, or of a push's quarantine together with its repository.

use std::collections::HashSet;
use std::path::Path;

use gix_hash::ObjectId;
use gix_object::{Exists, Find, FindHeader};

use super::parse::parse_tag;
use crate::model::{Context, Fault, Outcome};

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A snapshot with its history.
    Commit,
    /// A folder.
    Tree,
    /// A file's content.
    Blob,
    /// An annotated tag.
    Tag,
}

impl Kind {
    /// Git's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Commit => "commit",
            Kind::Tree => "tree",
            Kind::Blob => "blob",
            Kind::Tag => "tag",
        }
    }

    /// The kind that git's word names.
    pub(in crate::platform::git) fn from_name(name: &[u8]) -> Option<Self> {
        [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag]
            .into_iter()
            .find(|kind| kind.name().as_bytes() == name)
    }
}

impl From<gix_object::Kind> for Kind {
    fn from(kind: gix_object::Kind) -> Self {
        match kind {
            gix_object::Kind::Commit => Kind::Commit,
            gix_object::Kind::Tree => Kind::Tree,
            gix_object::Kind::Blob => Kind::Blob,
            gix_object::Kind::Tag => Kind::Tag,
        }
    }
}

/// An object in memory.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its content, without git's header.
    pub data: Vec<u8>,
}

/// Read access to objects. Opens indexes and packs when they are needed.
pub struct Objects {
    handle: gix_odb::Handle,
    hash: gix_hash::Kind,
}

/// Decoded delta bases kept by one handle, in bytes.
const BASE_CACHE: usize = 32 << 20;

impl Objects {
    /// Opens an `objects` folder; its alternates are followed, so a quarantine shows its repository too.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn open(folder: &Path, hash: gix_hash::Kind) -> Outcome<Self> {
        let mut handle = gix_odb::at(folder, hash)
            .context(|| format!("cannot open the objects in {}", folder.display()))?;
        handle.set_pack_cache(|| Box::new(gix_pack::cache::lru::MemoryCappedHashmap::new(BASE_CACHE)));
        Ok(Objects { handle, hash })
    }

    /// The object; `None` when it is not there.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn find(&self, id: &ObjectId) -> Outcome<Option<Object>> {
        let mut data = Vec::new();
        let kind =
            match self.handle.try_find(id, &mut data).context(|| format!("cannot read the object {id}"))? {
                Some(found) => Kind::from(found.kind),
                None => return Ok(None),
            };
        Ok(Some(Object { kind, data }))
    }

    /// What the object is; `None` when it is not there.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn kind(&self, id: &ObjectId) -> Outcome<Option<Kind>> {
        let header = self.handle.try_header(id).context(|| format!("cannot read the object {id}"))?;
        Ok(header.map(|header| Kind::from(header.kind)))
    }

    /// True when the object is there.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.handle.exists(id)
    }

    /// Follows annotated tags to what they point at; any other object is its own end.
    ///
    /// # Errors
    /// When an object on the way is missing or broken.
    pub fn peel(&self, id: &ObjectId) -> Outcome<ObjectId> {
        let mut id = *id;
        // A tag cannot contain itself, so the chain ends; the bound is for broken databases.
        for _ in 0..64 {
            if self.kind(&id)? != Some(Kind::Tag) {
                return Ok(id);
            }
            let Some(object) = self.find(&id)? else { return Ok(id) };
            let tag = parse_tag(&object.data, self.hash)
                .map_err(|why| Fault::new(format!("bad tag {id}: {why}")))?;
            id = tag.target;
        }
        Err(Fault::new(format!("the tag {id} points at too long a chain of tags")))
    }

    /// The commits whose ids begin with these digits.
    ///
    /// # Errors
    /// When the digits are none, or an object cannot be read.
    pub(in crate::platform::git) fn commits_that_begin(&self, digits: &str) -> Outcome<Vec<ObjectId>> {
        let what = || format!("cannot look for {digits}");
        let prefix = gix_hash::Prefix::from_hex(digits).context(what)?;
        let mut found = HashSet::new();
        self.handle
            .lookup_prefix(prefix, Some(&mut found))
            .map_err(|error| error.to_string())
            .context(what)?;
        let mut commits = Vec::new();
        for id in found {
            if self.kind(&id)? == Some(Kind::Commit) {
                commits.push(id);
            }
        }
        Ok(commits)
    }

    /// Which hash names the objects.
    pub(in crate::platform::git) fn hash(&self) -> gix_hash::Kind {
        self.hash
    }

    /// The handle below, for gix's walks.
    pub(in crate::platform::git) fn handle(&self) -> &gix_odb::Handle {
        &self.handle
    }
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("hash", &self.hash).finish_non_exhaustive()
    }
}
