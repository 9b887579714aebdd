//! Objects lately worked out: neighbours in a tree are differences to the same few.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Where an object stands: the pack's number and the offset in it.
pub(super) type Place = (usize, u64);

/// A bounded memory of objects, oldest out first.
#[derive(Default)]
pub(super) struct Cache {
    objects: HashMap<Place, Arc<Vec<u8>>>,
    order: VecDeque<Place>,
    bytes: usize,
}

const CAPACITY: usize = 16 << 20;
/// One object never takes more than this share.
const LARGEST: usize = 2 << 20;

impl Cache {
    pub(super) fn get(&self, place: Place) -> Option<Arc<Vec<u8>>> {
        self.objects.get(&place).cloned()
    }

    pub(super) fn put(&mut self, place: Place, object: &Arc<Vec<u8>>) {
        if object.len() > LARGEST || self.objects.contains_key(&place) {
            return;
        }
        self.bytes += object.len();
        self.objects.insert(place, Arc::clone(object));
        self.order.push_back(place);
        while self.bytes > CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.objects.remove(&oldest).map_or(0, |object| object.len());
        }
    }
}
