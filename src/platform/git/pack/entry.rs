//! The header of one entry of a pack.

use gix_hash::ObjectId;

use crate::model::{Fault, Outcome};
use crate::platform::git::Kind;

/// What stands behind the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform::git) enum EntryKind {
    /// A whole object.
    Whole(Kind),
    /// A difference to the entry so many bytes before this one.
    BaseBefore(u64),
    /// A difference to the object of this id.
    BaseId(ObjectId),
}

/// A header: what comes, and how many bytes it has once inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::platform::git) struct EntryHeader {
    pub kind: EntryKind,
    pub size: u64,
}

/// Reads a header byte by byte from the source.
pub(in crate::platform::git) fn read_header(
    hash: gix_hash::Kind,
    mut next: impl FnMut() -> Outcome<u8>,
) -> Outcome<EntryHeader> {
    let mut byte = next()?;
    let number = (byte >> 4) & 7;
    let mut size = u64::from(byte & 15);
    let mut shift = 4;
    while byte & 0x80 != 0 {
        byte = next()?;
        if shift > 56 {
            return Err(Fault::new("bad object header in the pack"));
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
    }
    let kind = match number {
        1 => EntryKind::Whole(Kind::Commit),
        2 => EntryKind::Whole(Kind::Tree),
        3 => EntryKind::Whole(Kind::Blob),
        4 => EntryKind::Whole(Kind::Tag),
        6 => {
            let mut byte = next()?;
            let mut distance = u64::from(byte & 0x7f);
            while byte & 0x80 != 0 {
                byte = next()?;
                if distance >= 1 << 55 {
                    return Err(Fault::new("bad delta offset in the pack"));
                }
                distance = ((distance + 1) << 7) | u64::from(byte & 0x7f);
            }
            EntryKind::BaseBefore(distance)
        }
        7 => {
            let mut id = hash.null();
            for byte in id.as_mut_slice() {
                *byte = next()?;
            }
            EntryKind::BaseId(id)
        }
        other => return Err(Fault::new(format!("unknown object type {other} in the pack"))),
    };
    Ok(EntryHeader { kind, size })
}

/// The header of a whole object.
pub(in crate::platform::git) fn write_header(kind: Kind, size: u64) -> Vec<u8> {
    let number = match kind {
        Kind::Commit => 1,
        Kind::Tree => 2,
        Kind::Blob => 3,
        Kind::Tag => 4,
    };
    let mut rest = size >> 4;
    let mut bytes = vec![(number << 4) | (size & 15) as u8];
    while rest > 0 {
        if let Some(last) = bytes.last_mut() {
            *last |= 0x80;
        }
        bytes.push((rest & 0x7f) as u8);
        rest >>= 7;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_size_come_back() {
        for size in [0, 1, 15, 16, 127, 128, 2047, 2048, 1 << 32, u64::MAX >> 4] {
            let bytes = write_header(Kind::Tree, size);
            let mut source = bytes.iter();
            let header =
                read_header(gix_hash::Kind::Sha1, || source.next().copied().ok_or_else(|| Fault::new("cut")));
            assert_eq!(header.expect("good"), EntryHeader { kind: EntryKind::Whole(Kind::Tree), size });
        }
    }

    #[test]
    fn endless_numbers_end() {
        assert!(read_header(gix_hash::Kind::Sha1, || Ok(0xff)).is_err());
        assert!(read_header(gix_hash::Kind::Sha1, || Ok(0xe0)).is_err());
    }
}
