//! Differences: a list of "copy from the base" and "take these bytes".

use std::io::{self, Read};

/// Makes the object that `delta` describes over `base` into `out`; refuses results above `limit` bytes.
pub(in crate::platform::git) fn apply_delta(
    base: &[u8],
    delta: &[u8],
    out: &mut Vec<u8>,
    limit: u64,
) -> Result<(), &'static str> {
    let mut rest = delta;
    if number(&mut rest)? != base.len() as u64 {
        return Err("a delta is meant for a base of another size");
    }
    let size = number(&mut rest)?;
    if size > limit {
        return Err("an object is larger than the limit");
    }
    let size = usize::try_from(size).map_err(|_| "an object is larger than memory")?;
    out.clear();
    // Honest: an attacker's delta of a few bytes may claim a gigabyte, which is allocated as it is written.
    out.reserve(size.min(1 << 20));
    while let Some((&code, after)) = rest.split_first() {
        rest = after;
        let piece = if code & 0x80 != 0 {
            let (offset, length) = copy_range(code, &mut rest)?;
            base.get(offset..offset + length).ok_or("a delta copies from outside its base")?
        } else if code == 0 {
            return Err("a delta has an unknown instruction");
        } else {
            let (piece, after) = rest.split_at_checked(code.into()).ok_or("a delta is cut short")?;
            rest = after;
            piece
        };
        if out.len() + piece.len() > size {
            return Err("a delta makes more than it says");
        }
        out.extend_from_slice(piece);
    }
    if out.len() == size { Ok(()) } else { Err("a delta makes less than it says") }
}

/// Offset and length of a copy instruction: only the bytes that are not zero are there.
fn copy_range(code: u8, rest: &mut &[u8]) -> Result<(usize, usize), &'static str> {
    let (mut offset, mut length) = (0usize, 0usize);
    for bit in 0..7 {
        if code & (1 << bit) != 0 {
            let (&byte, after) = rest.split_first().ok_or("a delta is cut short")?;
            *rest = after;
            if bit < 4 {
                offset |= usize::from(byte) << (8 * bit);
            } else {
                length |= usize::from(byte) << (8 * (bit - 4));
            }
        }
    }
    Ok((offset, if length == 0 { 0x10000 } else { length }))
}

fn number(rest: &mut &[u8]) -> Result<u64, &'static str> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (&byte, after) = rest.split_first().ok_or("a delta is cut short")?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err("a delta has a bad size")
}

/// The sizes a difference says: of its base, and of what it makes.
pub(in crate::platform::git) struct DeltaSizes {
    pub base: u64,
    pub result: u64,
}

/// What a difference says to do next.
pub(in crate::platform::git) enum Instruction {
    /// Copy these bytes of the base.
    Copy { offset: u64, length: u64 },
    /// Take so many bytes that follow.
    Take(u64),
}

/// Reads the sizes from the start of a difference that is too large for memory.
pub(in crate::platform::git) fn read_sizes(delta: &mut dyn Read) -> io::Result<DeltaSizes> {
    let mut sizes = [0u64; 2];
    for size in &mut sizes {
        for shift in (0..63).step_by(7) {
            let byte = read_byte(delta)?;
            *size |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    Ok(DeltaSizes { base: sizes[0], result: sizes[1] })
}

/// Reads the next instruction. Ask only while the result is not complete.
pub(in crate::platform::git) fn read_instruction(delta: &mut dyn Read) -> io::Result<Instruction> {
    let code = read_byte(delta)?;
    if code & 0x80 == 0 {
        return if code == 0 {
            Err(io::ErrorKind::InvalidData.into())
        } else {
            Ok(Instruction::Take(code.into()))
        };
    }
    let mut operands = [0; 7];
    let count = (code & 0x7f).count_ones() as usize;
    delta.read_exact(&mut operands[..count])?;
    let (offset, length) = copy_range(code, &mut &operands[..count])
        .map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?;
    Ok(Instruction::Copy { offset: offset as u64, length: length as u64 })
}

fn read_byte(input: &mut dyn Read) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte).map(|()| byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(base: &[u8], delta: &[u8]) -> Result<Vec<u8>, &'static str> {
        let mut out = Vec::new();
        apply_delta(base, delta, &mut out, 1000).map(|()| out)
    }

    #[test]
    fn copies_and_new_bytes_make_the_object() {
        // Base 5, result 6: copy 2 bytes from offset 3, then "new!".
        let delta = [5, 6, 0x80 | 0x01 | 0x10, 3, 2, 4, b'n', b'e', b'w', b'!'];
        assert_eq!(apply(b"hello", &delta), Ok(b"lonew!".to_vec()));
    }

    #[test]
    fn a_copy_without_length_is_64_kib() {
        let base = vec![7; 0x10000];
        let mut out = Vec::new();
        let delta = [0x80, 0x80, 0x04, 0x80, 0x80, 0x04, 0x80];
        assert_eq!(apply_delta(&base, &delta, &mut out, 1 << 20), Ok(()));
        assert_eq!(out, base);
    }

    #[test]
    fn lies_are_refused() {
        for bad in [
            &[][..],
            &[4, 1, 1, b'x'],
            &[5, 2, 1, b'x'],
            &[5, 0, 1, b'x'],
            &[5, 1, 0],
            &[5, 9, 9, b'x'],
            &[5, 1, 0x91, 5, 1],
            &[5, 1, 0x91, 5],
            &[5, 0x80, 0x80, 0x04],
            &[0xff; 12],
        ] {
            assert!(apply(b"hello", bad).is_err(), "{bad:?}");
        }
    }
}
