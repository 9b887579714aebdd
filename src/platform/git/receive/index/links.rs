//! What the objects of the push point at. Each of it must be in the push or here already; since every
//! object came in this way, what is here is complete itself, and no history needs to be walked.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use gix_hash::ObjectId;

use super::entries::Sorted;
use crate::model::{Fault, Outcome};
use crate::platform::git::Kind;
use crate::platform::git::complete::Known;
use crate::platform::git::objects::Link;

const SHARDS: usize = 16;
const SLOTS: usize = 1 << 15;

/// The distinct links of a push, filled from several threads.
pub(super) struct Links {
    shards: Vec<Mutex<HashSet<Link, Keyed>>>,
    count: AtomicUsize,
    limit: usize,
    /// Commits whose parents are not needed.
    shallow: HashSet<ObjectId>,
    keyed: Keyed,
}

/// A thread's memory of links it reported lately: neighbouring trees share most of theirs.
pub(super) struct Seen(Vec<u64>);

impl Default for Seen {
    fn default() -> Self {
        Seen(vec![0; SLOTS])
    }
}

impl Links {
    pub(super) fn new(limit: usize, shallow: HashSet<ObjectId>) -> Self {
        let keyed = Keyed::random();
        let shards = (0..SHARDS).map(|_| Mutex::new(HashSet::with_hasher(keyed))).collect();
        Links { shards, count: AtomicUsize::new(0), limit, shallow, keyed }
    }

    pub(super) fn add(&self, link: Link, seen: &mut Seen) {
        let hash = self.keyed.hash_one(link);
        // The key is secret, so nobody can make two links share a hash and hide one.
        let slot = &mut seen.0[hash as usize % SLOTS];
        if *slot == hash {
            return;
        }
        *slot = hash;
        let shard = &self.shards[(hash >> 60) as usize % SHARDS];
        if shard.lock().unwrap_or_else(PoisonError::into_inner).insert(link) {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// True when the object needs this link: what a shallow clone left out it does not.
    pub(super) fn is_needed(&self, from: &ObjectId, link: &Link) -> bool {
        link.kind != Kind::Commit || self.shallow.is_empty() || !self.shallow.contains(from)
    }

    pub(super) fn within_limit(&self) -> Outcome {
        if self.count.load(Ordering::Relaxed) > self.limit {
            return Err(Fault::new(format!("the pack points at more than {} objects", self.limit)));
        }
        Ok(())
    }

    /// Every link must lead to an object of its kind in the push, or to one that is here.
    pub(super) fn check(self, sorted: &Sorted<'_>, known: Option<&Known>) -> Outcome {
        let mut outside = Vec::new();
        for shard in self.shards {
            for link in shard.into_inner().unwrap_or_else(PoisonError::into_inner) {
                match sorted.kind_of(link.id.as_slice()) {
                    Some(kind) if kind == link.kind => {}
                    Some(kind) => {
                        return Err(Fault::new(format!(
                            "{} is a {}, where a {} is needed",
                            link.id,
                            kind.name(),
                            link.kind.name()
                        )));
                    }
                    None => outside.push(link),
                }
            }
        }
        // In the order of the indexes, so that they are read front to back.
        outside.sort_unstable_by_key(|link| link.id);
        let missing = outside.iter().find(|link| !known.is_some_and(|known| known.contains(&link.id)));
        match missing {
            None => Ok(()),
            Some(link) => Err(Fault::new(format!(
                "missing {} {}: it was neither sent nor is it here",
                link.kind.name(),
                link.id
            ))),
        }
    }
}

/// Hashes object ids by two multiplications under a random key: ids are the sender's choice.
#[derive(Clone, Copy)]
struct Keyed {
    first: u64,
    second: u64,
}

impl Keyed {
    fn random() -> Self {
        let random = RandomState::new();
        Keyed { first: random.hash_one(1) | 1, second: random.hash_one(2) | 1 }
    }
}

impl BuildHasher for Keyed {
    type Hasher = KeyedHasher;

    fn build_hasher(&self) -> KeyedHasher {
        KeyedHasher { key: *self, state: self.first ^ self.second }
    }
}

struct KeyedHasher {
    key: Keyed,
    state: u64,
}

impl KeyedHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.key.first);
        let folded = (product >> 64) as u64 ^ product as u64;
        let product = u128::from(folded ^ self.key.second) * u128::from(self.key.second.rotate_left(32) | 1);
        self.state = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for KeyedHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_isize(&mut self, number: isize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}
