//! The index of a pack, version 2.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use gix_hash::{Hasher, ObjectId};

use super::entries::{Entry, Names, Sorted};
use crate::model::{Context, Outcome};

/// Writes the index; its tables follow the order of the ids.
pub(super) fn write_index(
    path: &Path,
    entries: &[Entry],
    names: &Names,
    sorted: &Sorted<'_>,
    checksum: &ObjectId,
) -> Outcome {
    let what = || format!("cannot write {}", path.display());
    let file = File::options().write(true).create_new(true).open(path).context(what)?;
    let mut output =
        Hashed { output: BufWriter::with_capacity(1 << 18, file), hasher: gix_hash::hasher(checksum.kind()) };
    write_tables(&mut output, entries, names, sorted, checksum).context(what)?;
    let id = output.hasher.try_finalize().context(what)?;
    output.output.write_all(id.as_slice()).and_then(|()| output.output.flush()).context(what)
}

fn write_tables(
    output: &mut Hashed,
    entries: &[Entry],
    names: &Names,
    sorted: &Sorted<'_>,
    checksum: &ObjectId,
) -> std::io::Result<()> {
    output.write_all(b"\xfftOc\0\0\0\x02")?;
    let mut counts = [0u32; 256];
    for number in sorted.numbers() {
        counts[usize::from(names.id(number)[0])] += 1;
    }
    let mut sum = 0;
    for count in counts {
        sum += count;
        output.write_all(&u32::to_be_bytes(sum))?;
    }
    for number in sorted.numbers() {
        output.write_all(names.id(number))?;
    }
    for number in sorted.numbers() {
        output.write_all(&entries[number as usize].crc.to_be_bytes())?;
    }
    // Offsets beyond 31 bits stand in a table of their own.
    let mut far = Vec::new();
    for number in sorted.numbers() {
        let offset = entries[number as usize].offset;
        let word = match u32::try_from(offset) {
            Ok(near) if near < 1 << 31 => near,
            _ => {
                far.push(offset);
                (1 << 31) | (far.len() - 1) as u32
            }
        };
        output.write_all(&word.to_be_bytes())?;
    }
    for offset in far {
        output.write_all(&offset.to_be_bytes())?;
    }
    output.write_all(checksum.as_slice())
}

struct Hashed {
    output: BufWriter<File>,
    hasher: Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.hasher.update(bytes);
        self.output.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.output.flush()
    }
}
