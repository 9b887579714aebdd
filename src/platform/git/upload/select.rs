//! Which objects a fetch takes: the wanted history less the known one, and of each tree only what the
//! client cannot have.

use std::collections::{BinaryHeap, HashMap, HashSet};

use gix_hash::ObjectId;

use super::history::History;
use super::wanted::Wanted;
use crate::model::{Fault, Outcome};
use crate::platform::git::objects::{EntryMode, Objects, TreeEntries, parse_tag};
use crate::platform::git::{Kind, Reference};

/// What to send.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub ids: Vec<ObjectId>,
    /// Commits that the client will hold without their parents, new ones.
    pub shallow: Vec<ObjectId>,
    /// Commits whose parents the client lacked until now.
    pub unshallow: Vec<ObjectId>,
}

/// Selects the objects.
pub(super) fn select(wanted: &Wanted, objects: &Objects, refs: &[Reference]) -> Outcome<Selection> {
    let mut history = History::new(objects);
    let mut tips = Tips::default();
    for want in &wanted.wants {
        tips.add(want, objects)?;
    }
    let mut selection = Selection::default();
    let boundary = boundary(&mut history, wanted, &tips.commits, &mut selection)?;
    let commits = new_commits(&mut history, wanted, &tips.commits, &boundary, &selection.unshallow)?;

    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut trees = Trees { objects, without_blobs: wanted.without_blobs, seen: &mut seen };
    let sent: HashSet<ObjectId> = commits.iter().copied().collect();
    for commit in &commits {
        // What hangs on the newest commits that the client has, it has.
        for parent in history.node(commit)?.parents.clone() {
            if !sent.contains(&parent) && !boundary.contains(commit) {
                let tree = history.node(&parent)?.tree;
                trees.collect(tree, &mut Vec::new())?;
            }
        }
    }
    let mut ids = commits.clone();
    for commit in &commits {
        let tree = history.node(commit)?.tree;
        trees.collect(tree, &mut ids)?;
    }
    for (id, kind) in tips.others {
        if kind == Kind::Tree {
            trees.collect(id, &mut ids)?;
        } else if trees.seen.insert(id) {
            ids.push(id);
        }
    }
    if wanted.takes_tags {
        add_tags(objects, refs, &sent, &mut seen, &mut ids)?;
    }
    selection.ids = ids;
    Ok(selection)
}

/// All that these objects need, themselves included; fails when something of it is missing.
pub(in crate::platform::git) fn reachable(objects: &Objects, tips: Vec<ObjectId>) -> Outcome<Vec<ObjectId>> {
    let wanted = Wanted { wants: tips, ..Wanted::default() };
    let ids = select(&wanted, objects, &[])?.ids;
    match ids.iter().find(|id| !objects.contains(id)) {
        None => Ok(ids),
        Some(id) => Err(Fault::new(format!("the object {id} is not there"))),
    }
}

#[derive(Default)]
struct Tips {
    commits: Vec<ObjectId>,
    /// Tags on the way to a commit, and whatever else was asked for by id.
    others: Vec<(ObjectId, Kind)>,
}

impl Tips {
    fn add(&mut self, want: &ObjectId, objects: &Objects) -> Outcome {
        let mut id = *want;
        loop {
            let object = objects.find(&id)?.ok_or_else(|| Fault::new(format!("not our ref {id}")))?;
            match object.kind {
                Kind::Commit => {
                    self.commits.push(id);
                    return Ok(());
                }
                Kind::Tag => {
                    self.others.push((id, Kind::Tag));
                    let tag = parse_tag(&object.data, objects.hash())
                        .map_err(|why| Fault::new(format!("bad tag {id}: {why}")))?;
                    id = tag.target;
                }
                Kind::Tree | Kind::Blob => {
                    self.others.push((id, object.kind));
                    return Ok(());
                }
            }
        }
    }
}

/// The commits below which nothing is sent, because the client asked for so many and no more; notes in
/// the selection what that means for the client's own boundary.
fn boundary(
    history: &mut History<'_>,
    wanted: &Wanted,
    tips: &[ObjectId],
    selection: &mut Selection,
) -> Outcome<HashSet<ObjectId>> {
    let Some(depth) = wanted.depth else {
        return Ok(wanted.client_shallow.iter().copied().collect());
    };
    let mut seen: HashSet<ObjectId> = tips.iter().copied().collect();
    let mut level: Vec<ObjectId> = tips.to_vec();
    let mut boundary = HashSet::new();
    for left in (0..depth).rev() {
        let mut next = Vec::new();
        for id in &level {
            let parents = &history.node(id)?.parents;
            if left == 0 && !parents.is_empty() {
                boundary.insert(*id);
            }
            next.extend(parents.iter().copied().filter(|parent| left > 0 && seen.insert(*parent)));
        }
        if next.is_empty() {
            break;
        }
        level = next;
    }
    let client: HashSet<ObjectId> = wanted.client_shallow.iter().copied().collect();
    selection.shallow = boundary.difference(&client).copied().collect();
    selection.unshallow =
        client.iter().copied().filter(|id| seen.contains(id) && !boundary.contains(id)).collect();
    boundary.extend(client.iter().filter(|id| !selection.unshallow.contains(id)));
    Ok(boundary)
}

/// The commits to send. Newest first, both sides are painted down until only known ones are left; a
/// clock that went wrong makes the pack larger, never incomplete.
fn new_commits(
    history: &mut History<'_>,
    wanted: &Wanted,
    tips: &[ObjectId],
    boundary: &HashSet<ObjectId>,
    unshallow: &[ObjectId],
) -> Outcome<Vec<ObjectId>> {
    let mut painter =
        Painter { history, colours: HashMap::new(), queue: BinaryHeap::new(), open: HashSet::new() };
    for id in tips {
        painter.paint(*id, WANTED)?;
    }
    for id in &wanted.common {
        // A client may also say that it has a tag; its commit follows from the others it names.
        if painter.history.node(id).is_ok() {
            painter.paint(*id, KNOWN)?;
        }
    }
    // Their parents are new to the client, though it has them themselves.
    for id in unshallow {
        for parent in painter.history.node(id)?.parents.clone() {
            painter.paint(parent, WANTED)?;
        }
    }
    let mut order = Vec::new();
    let mut visited: HashSet<ObjectId> = HashSet::new();
    while !painter.open.is_empty()
        && let Some((_, id)) = painter.queue.pop()
    {
        painter.open.remove(&id);
        let colour = painter.colours[&id];
        if visited.insert(id) && colour == WANTED {
            order.push(id);
        }
        // Below the client's own boundary it has nothing, and below the new one it wants nothing.
        if boundary.contains(&id) || unshallow.contains(&id) {
            continue;
        }
        for parent in painter.history.node(&id)?.parents.clone() {
            painter.paint(parent, colour)?;
        }
    }
    let colours = painter.colours;
    order.retain(|id| colours[id] == WANTED);
    Ok(order)
}

const WANTED: u8 = 1;
const KNOWN: u8 = 2;

struct Painter<'a, 'h> {
    history: &'a mut History<'h>,
    colours: HashMap<ObjectId, u8>,
    /// What is to be looked at, newest first.
    queue: BinaryHeap<(i64, ObjectId)>,
    /// Those in the queue that the client may lack.
    open: HashSet<ObjectId>,
}

impl Painter<'_, '_> {
    fn paint(&mut self, id: ObjectId, colour: u8) -> Outcome {
        let before = self.colours.get(&id).copied().unwrap_or(0);
        let after = before | colour;
        if before == after {
            return Ok(());
        }
        self.colours.insert(id, after);
        self.queue.push((self.history.node(&id)?.time, id));
        if after == WANTED {
            self.open.insert(id);
        } else {
            self.open.remove(&id);
        }
        Ok(())
    }
}

struct Trees<'a> {
    objects: &'a Objects,
    without_blobs: bool,
    seen: &'a mut HashSet<ObjectId>,
}

impl Trees<'_> {
    /// Adds the tree and all in it that was not seen yet.
    fn collect(&mut self, root: ObjectId, ids: &mut Vec<ObjectId>) -> Outcome {
        let mut todo = Vec::new();
        if self.seen.insert(root) {
            todo.push(root);
        }
        while let Some(id) = todo.pop() {
            ids.push(id);
            let tree = self.objects.find(&id)?.filter(|object| object.kind == Kind::Tree);
            let tree = tree.ok_or_else(|| Fault::new(format!("the tree {id} is not there")))?;
            for entry in TreeEntries::new(&tree.data, self.objects.hash()) {
                let entry = entry.map_err(|why| Fault::new(format!("bad tree {id}: {why}")))?;
                let Ok(child) = ObjectId::try_from(entry.id) else { continue };
                match entry.mode {
                    EntryMode::Folder => {
                        if self.seen.insert(child) {
                            todo.push(child);
                        }
                    }
                    EntryMode::File | EntryMode::Executable | EntryMode::Symlink => {
                        if !self.without_blobs && self.seen.insert(child) {
                            ids.push(child);
                        }
                    }
                    EntryMode::Submodule => {}
                }
            }
        }
        Ok(())
    }
}

/// Annotated tags whose commit is sent come along.
fn add_tags(
    objects: &Objects,
    refs: &[Reference],
    sent: &HashSet<ObjectId>,
    seen: &mut HashSet<ObjectId>,
    ids: &mut Vec<ObjectId>,
) -> Outcome {
    for reference in refs.iter().filter(|reference| reference.name.starts_with("refs/tags/")) {
        let mut chain = Tips::default();
        chain.add(&reference.id, objects)?;
        if chain.commits.iter().any(|commit| sent.contains(commit)) {
            ids.extend(chain.others.iter().map(|(id, _)| *id).filter(|id| seen.insert(*id)));
        }
    }
    Ok(())
}
