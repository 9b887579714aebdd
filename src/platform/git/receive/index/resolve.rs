//! Works out differences, on all processors.
//!
//! Depth first, the light children of a base before the heavy one, which then inherits the base's
//! memory: about log2(n) bases are alive per thread, however a pack is built. A breadth-first order
//! lets a pack of 50 KB hold a gigabyte.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gix_hash::ObjectId;

use super::budget::Budget;
use super::deltas::Deltas;
use super::entries::{Entry, NO_BASE, Names};
use super::links::{Links, Seen};
use super::pool::Pool;
use super::stream::{finish, inspect, object_hasher};
use crate::model::{Fault, Outcome};
use crate::platform::git::Kind;
use crate::platform::git::pack::{Inflater, apply_delta};

/// What working out needs to know.
pub(super) struct Resolving<'a> {
    pub file: &'a File,
    pub entries: &'a [Entry],
    pub deltas: &'a Deltas,
    /// Where the last entry ends.
    pub end: u64,
    pub hash: gix_hash::Kind,
    pub budget: &'a Budget<'a>,
    pub links: &'a Links,
    /// How many differences are done, for whoever watches.
    pub done: &'a AtomicU32,
}

/// The differences that hang on each entry, heaviest first.
struct Children {
    start: Vec<u32>,
    list: Vec<u32>,
}

/// An entry to work out over its base. Without a base it is whole, and only its children are to do.
struct Task {
    number: u32,
    depth: u32,
    kind: Kind,
    base: Option<Arc<Vec<u8>>>,
}

type Waiting = HashMap<ObjectId, Vec<u32>>;
/// What was found, handed over in batches.
type Found = Vec<(u32, Kind, ObjectId)>;
const BATCH: usize = 4096;

/// Works out all that hangs on these whole entries, directly or not. Names are filled in; what waits
/// for an object that did not come up is left in `waiting`.
pub(super) fn resolve<'a>(
    resolving: &'a Resolving<'a>,
    roots: &[u32],
    names: &'a mut Names,
    waiting: &mut Waiting,
) -> Outcome {
    let children = Children::of(resolving.entries);
    let mut tasks = Vec::new();
    let mut todo = 0;
    for root in roots {
        let count = children.of_entry(*root).len();
        if let (Some(kind), 1..) = (names.kind(*root), count) {
            tasks.push(Task { number: *root, depth: 0, kind, base: None });
            todo += count;
        }
    }
    tasks.reverse();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    // A small push is done before a second thread has started.
    let threads = if todo < 64 && resolving.entries.len() < 256 { 1 } else { processors };
    let pool = Pool::new(threads, tasks);
    let has_waiting = !waiting.is_empty();
    let names = Mutex::new(names);
    let waits = Mutex::new(std::mem::take(waiting));
    let shared =
        Shared { resolving, children: &children, pool: &pool, has_waiting, waiting: &waits, names: &names };
    let outcome = if threads == 1 {
        Worker::new(&shared).run()
    } else {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| Worker::new(&shared).run())).collect();
            let ended = workers.into_iter().map(|worker| {
                worker.join().unwrap_or_else(|_| Err(Fault::new("working out the pack failed")))
            });
            // All are joined before the first failure counts.
            ended.collect::<Vec<Outcome>>().into_iter().collect::<Outcome>()
        })
    };
    *waiting = waits.into_inner().unwrap_or_else(PoisonError::into_inner);
    outcome
}

impl Children {
    fn of(entries: &[Entry]) -> Self {
        let mut weight = vec![1u32; entries.len()];
        let mut start = vec![0u32; entries.len() + 1];
        for (number, entry) in entries.iter().enumerate().rev() {
            let base = entry.base as usize;
            if entry.base != NO_BASE {
                start[base + 1] += 1;
                // A base named by distance stands before its children, so their weight is complete by now.
                // One named by id may stand behind: then this is a guess, which costs memory and nothing else.
                weight[base] = weight[base].saturating_add(weight[number]);
            }
        }
        for at in 1..start.len() {
            start[at] += start[at - 1];
        }
        let mut next = start.clone();
        let mut list = vec![0; start.last().copied().unwrap_or(0) as usize];
        for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.base != NO_BASE) {
            let at = &mut next[entry.base as usize];
            list[*at as usize] = number as u32;
            *at += 1;
        }
        drop(next);
        for bounds in start.windows(2) {
            let siblings = &mut list[bounds[0] as usize..bounds[1] as usize];
            siblings.sort_unstable_by_key(|number| std::cmp::Reverse(weight[*number as usize]));
        }
        Children { start, list }
    }

    fn of_entry(&self, number: u32) -> &[u32] {
        let at = number as usize;
        &self.list[self.start[at] as usize..self.start[at + 1] as usize]
    }
}

struct Shared<'a> {
    resolving: &'a Resolving<'a>,
    children: &'a Children,
    pool: &'a Pool<Task>,
    has_waiting: bool,
    waiting: &'a Mutex<Waiting>,
    names: &'a Mutex<&'a mut Names>,
}

struct Worker<'a> {
    shared: &'a Shared<'a>,
    inflater: Inflater,
    stack: VecDeque<Task>,
    delta: Vec<u8>,
    /// Buffers of objects nobody needs any more.
    spare: Vec<Vec<u8>>,
    seen: Seen,
    found: Found,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared<'a>) -> Self {
        Worker {
            shared,
            inflater: Inflater::default(),
            stack: VecDeque::new(),
            delta: Vec::new(),
            spare: Vec::new(),
            seen: Seen::default(),
            found: Vec::with_capacity(BATCH),
        }
    }

    fn run(mut self) -> Outcome {
        let outcome = self.work();
        if outcome.is_err() {
            self.shared.pool.stop();
        }
        self.hand_over();
        outcome
    }

    fn work(&mut self) -> Outcome {
        while let Some(task) = self.stack.pop_back().or_else(|| self.shared.pool.take()) {
            self.task(task)?;
            if self.stack.len() > 1
                && self.shared.pool.is_hungry()
                && let Some(oldest) = self.stack.pop_front()
            {
                self.shared.pool.give(oldest);
            }
        }
        Ok(())
    }

    fn task(&mut self, task: Task) -> Outcome {
        let resolving = self.shared.resolving;
        resolving.budget.on_time()?;
        if task.depth > resolving.budget.limits.depth {
            return Err(Fault::new(format!(
                "the pack has a chain of more than {} deltas",
                resolving.budget.limits.depth
            )));
        }
        let mut object = self.spare.pop().unwrap_or_default();
        let Some(base) = task.base else {
            resolving.budget.in_memory(resolving.entries[task.number as usize].size)?;
            inflate(&mut self.inflater, resolving, task.number, &mut object)?;
            self.descend(task.number, task.depth, task.kind, object, &[]);
            return Ok(());
        };
        let delta = match resolving.deltas.get(task.number, resolving.entries[task.number as usize].size) {
            Some(kept) => kept,
            None => {
                inflate(&mut self.inflater, resolving, task.number, &mut self.delta)?;
                &self.delta
            }
        };
        apply_delta(&base, delta, &mut object, resolving.budget.limits.object_bytes)
            .map_err(|why| Fault::new(format!("the pack is corrupt: {why}")))?;
        if let Ok(buffer) = Arc::try_unwrap(base) {
            self.keep(buffer);
        }
        resolving.budget.inflated(object.len() as u64)?;
        let id = self.name(task.kind, &object)?;
        self.found.push((task.number, task.kind, id));
        if self.found.len() == BATCH {
            self.hand_over();
        }
        resolving.done.fetch_add(1, Ordering::Relaxed);
        let more = if self.shared.has_waiting {
            let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.remove(&id).unwrap_or_default()
        } else {
            Vec::new()
        };
        self.descend(task.number, task.depth, task.kind, object, &more);
        Ok(())
    }

    fn name(&mut self, kind: Kind, object: &[u8]) -> Outcome<ObjectId> {
        let resolving = self.shared.resolving;
        if kind != Kind::Blob {
            return inspect(resolving.hash, kind, object, resolving.links, &mut self.seen);
        }
        let mut hasher = object_hasher(resolving.hash, kind, object.len() as u64);
        hasher.update(object);
        finish(hasher)
    }

    fn descend(&mut self, number: u32, depth: u32, kind: Kind, object: Vec<u8>, more: &[u32]) {
        let children = self.shared.children.of_entry(number);
        if children.is_empty() && more.is_empty() {
            self.keep(object);
            return;
        }
        let base = Arc::new(object);
        for child in more.iter().chain(children) {
            let task = Task { number: *child, depth: depth + 1, kind, base: Some(Arc::clone(&base)) };
            self.stack.push_back(task);
        }
    }

    fn keep(&mut self, buffer: Vec<u8>) {
        // Large ones go back to the system: the next object is likely a small one.
        if self.spare.len() < 4 && buffer.capacity() <= 4 << 20 {
            self.spare.push(buffer);
        }
    }

    fn hand_over(&mut self) {
        let mut names = self.shared.names.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, kind, id) in self.found.drain(..) {
            names.set(number, kind, &id);
        }
    }
}

fn inflate(inflater: &mut Inflater, resolving: &Resolving<'_>, number: u32, out: &mut Vec<u8>) -> Outcome {
    let entry = &resolving.entries[number as usize];
    let end = resolving.entries.get(number as usize + 1).map_or(resolving.end, |next| next.offset);
    inflater.inflate(resolving.file, entry.offset + u64::from(entry.header), end, entry.size, out)
}
