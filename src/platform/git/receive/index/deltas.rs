//! Differences kept from the first pass for the second, as far as the memory set aside for them goes.
//!
//! Each is inflated once anyway, to find where it ends. Most of a history are differences of some hundred
//! bytes, for which reading and inflating them again costs more than working them out.

/// Memory for them, in bytes. Taken as they come, so a small push takes little.
const ROOM: usize = 48 << 20;
/// Larger ones are rare, and cheap to read again for what they are.
const LARGEST: u64 = 16 << 10;
const NOT_KEPT: u32 = u32::MAX;

/// Inflated differences by the number of their entry.
#[derive(Default)]
pub(super) struct Deltas {
    bytes: Vec<u8>,
    starts: Vec<u32>,
}

impl Deltas {
    /// True when a difference of this size will be kept.
    pub(super) fn takes(&self, size: u64) -> bool {
        size <= LARGEST && self.bytes.len() + size as usize <= ROOM
    }

    /// The difference of this entry starts here.
    pub(super) fn begin(&mut self, number: u32) {
        self.starts.resize(number as usize, NOT_KEPT);
        self.starts.push(self.bytes.len() as u32);
    }

    /// The next bytes of it.
    pub(super) fn extend(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// The difference of this entry, which has so many bytes, if it was kept.
    pub(super) fn get(&self, number: u32, size: u64) -> Option<&[u8]> {
        let start = *self.starts.get(number as usize).filter(|start| **start != NOT_KEPT)? as usize;
        self.bytes.get(start..start + size as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_comes_back_and_nothing_else_does() {
        let mut deltas = Deltas::default();
        for (number, text) in [(3, "first"), (5, ""), (6, "second")] {
            deltas.begin(number);
            deltas.extend(text.as_bytes());
        }
        assert_eq!(deltas.get(3, 5), Some(&b"first"[..]));
        assert_eq!(deltas.get(5, 0), Some(&b""[..]));
        assert_eq!(deltas.get(6, 6), Some(&b"second"[..]));
        for number in [0, 2, 4, 7] {
            assert_eq!(deltas.get(number, 1), None, "{number}");
        }
    }

    #[test]
    fn the_room_has_an_end() {
        let mut deltas = Deltas::default();
        assert!(deltas.takes(LARGEST) && !deltas.takes(LARGEST + 1));
        deltas.begin(0);
        deltas.extend(&vec![0; ROOM - 10]);
        assert!(deltas.takes(10) && !deltas.takes(11));
    }
}
