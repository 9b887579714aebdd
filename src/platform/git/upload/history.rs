//! Commits and how they hang together, each read once.

use std::collections::HashMap;

use gix_hash::ObjectId;

use crate::model::{Fault, Outcome};
use crate::platform::git::Kind;
use crate::platform::git::objects::{Objects, parse_commit};

/// What a walk needs of a commit.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    pub time: i64,
}

/// The commits read so far.
pub(super) struct History<'a> {
    objects: &'a Objects,
    nodes: HashMap<ObjectId, Node>,
}

impl<'a> History<'a> {
    pub(super) fn new(objects: &'a Objects) -> Self {
        History { objects, nodes: HashMap::new() }
    }

    /// The commit of this id, which must be there.
    pub(super) fn node(&mut self, id: &ObjectId) -> Outcome<&Node> {
        if !self.nodes.contains_key(id) {
            let object = self.objects.find(id)?.filter(|object| object.kind == Kind::Commit);
            let object = object.ok_or_else(|| Fault::new(format!("the commit {id} is not there")))?;
            let commit = parse_commit(&object.data, self.objects.hash())
                .map_err(|why| Fault::new(format!("bad commit {id}: {why}")))?;
            let time = String::from_utf8_lossy(commit.committer);
            let time = time.rsplit_once("> ").and_then(|(_, when)| when.split(' ').next()?.parse().ok());
            let node = Node { tree: commit.tree, parents: commit.parents, time: time.unwrap_or(0) };
            self.nodes.insert(*id, node);
        }
        Ok(&self.nodes[id])
    }
}
