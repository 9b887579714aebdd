//! Have we heard enough of what the client has?

use std::collections::HashSet;

use gix_hash::ObjectId;

use super::history::History;
use super::wanted::Wanted;
use crate::model::Outcome;
use crate::platform::git::Kind;
use crate::platform::git::objects::Objects;

/// True when from everything wanted some common commit is reached: what else the client has would only
/// make the pack smaller.
pub(super) fn is_enough(wanted: &Wanted, objects: &Objects) -> Outcome<bool> {
    if wanted.common.is_empty() {
        return Ok(false);
    }
    let common: HashSet<ObjectId> = wanted.common.iter().copied().collect();
    let mut history = History::new(objects);
    for want in &wanted.wants {
        let tip = objects.peel(want)?;
        if objects.kind(&tip)? == Some(Kind::Commit) && !reaches(&mut history, tip, &common)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn reaches(history: &mut History<'_>, tip: ObjectId, common: &HashSet<ObjectId>) -> Outcome<bool> {
    let mut seen = HashSet::from([tip]);
    let mut todo = vec![tip];
    while let Some(id) = todo.pop() {
        if common.contains(&id) {
            return Ok(true);
        }
        todo.extend(history.node(&id)?.parents.iter().filter(|parent| seen.insert(**parent)));
    }
    Ok(false)
}
