//! What is known of each object of the pack. Flat tables: a push may bring millions.

use gix_hash::ObjectId;

use crate::platform::git::Kind;

/// The entry has no base, or none that is known yet.
pub(super) const NO_BASE: u32 = u32::MAX;

/// Where an object stands in the pack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub offset: u64,
    /// Of what stands there, inflated: the object, or the difference.
    pub size: u64,
    pub crc: u32,
    /// The number of the entry this is a difference to.
    pub base: u32,
    pub header: u8,
}

/// What the objects are; filled as they become known.
#[derive(Debug)]
pub(super) struct Names {
    ids: Vec<u8>,
    kinds: Vec<Option<Kind>>,
    id_length: usize,
}

impl Names {
    pub(super) fn new(hash: gix_hash::Kind) -> Self {
        Names { ids: Vec::new(), kinds: Vec::new(), id_length: hash.len_in_bytes() }
    }

    /// Adds one more object, known or not.
    pub(super) fn push(&mut self, known: Option<(Kind, ObjectId)>) {
        match known {
            Some((_, id)) => self.ids.extend_from_slice(id.as_slice()),
            None => self.ids.resize(self.ids.len() + self.id_length, 0),
        }
        self.kinds.push(known.map(|(kind, _)| kind));
    }

    pub(super) fn set(&mut self, number: u32, kind: Kind, id: &ObjectId) {
        let at = number as usize * self.id_length;
        self.ids[at..at + self.id_length].copy_from_slice(id.as_slice());
        self.kinds[number as usize] = Some(kind);
    }

    pub(super) fn id(&self, number: u32) -> &[u8] {
        let at = number as usize * self.id_length;
        &self.ids[at..at + self.id_length]
    }

    pub(super) fn kind(&self, number: u32) -> Option<Kind> {
        self.kinds[number as usize]
    }

    pub(super) fn len(&self) -> u32 {
        // The count comes from a 32 bit number in the pack, plus bases added to a thin one.
        u32::try_from(self.kinds.len()).expect("a pack numbers its objects in 32 bits")
    }

    pub(super) fn first_unknown(&self) -> Option<u32> {
        self.kinds.iter().position(Option::is_none).map(|at| at as u32)
    }

    /// The entries sorted by id.
    pub(super) fn sorted(&self) -> Sorted<'_> {
        // The first bytes of an id tell nearly all apart, and comparing them stays within one table.
        let mut keys: Vec<(u64, u32)> =
            (0..self.len()).map(|number| (prefix(self.id(number)), number)).collect();
        keys.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.id(a.1).cmp(self.id(b.1))));
        let mut starts = vec![0; BUCKETS + 1];
        for (key, _) in &keys {
            starts[bucket(*key) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Sorted { names: self, keys, starts }
    }
}

/// The entries of a pack in the order of their ids.
pub(super) struct Sorted<'a> {
    names: &'a Names,
    keys: Vec<(u64, u32)>,
    /// Where the keys of each bucket start.
    starts: Vec<u32>,
}

const BUCKETS: usize = 1 << 16;

fn prefix(id: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&id[..8]);
    u64::from_be_bytes(bytes)
}

fn bucket(key: u64) -> usize {
    (key >> 48) as usize
}

impl Sorted<'_> {
    /// The entries' numbers in order.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.keys.iter().map(|(_, number)| *number)
    }

    /// An entry whose id is there twice.
    pub(super) fn first_twice(&self) -> Option<u32> {
        let mut pairs = self.keys.windows(2);
        let twice =
            pairs.find(|pair| pair[0].0 == pair[1].0 && self.names.id(pair[0].1) == self.names.id(pair[1].1));
        twice.map(|pair| pair[0].1)
    }

    /// What the object of this id is; `None` when it is not in the pack.
    pub(super) fn kind_of(&self, id: &[u8]) -> Option<Kind> {
        let key = prefix(id);
        let (from, to) = (self.starts[bucket(key)], self.starts[bucket(key) + 1]);
        let bucket = &self.keys[from as usize..to as usize];
        let first = bucket.partition_point(|(other, _)| *other < key);
        let same = bucket[first..].iter().take_while(|(other, _)| *other == key);
        same.map(|(_, number)| *number)
            .find(|number| self.names.id(*number) == id)
            .and_then(|number| self.names.kind(number))
    }
}
