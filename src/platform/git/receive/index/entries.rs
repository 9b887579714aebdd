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

    /// The entries' numbers, sorted by id.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len()).collect();
        order.sort_unstable_by(|a, b| self.id(*a).cmp(self.id(*b)));
        order
    }
}
