//! Large objects that are stored as differences are worked out through temporary files: memory stays flat.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::os::unix::fs::FileExt;

use super::locate::Pack;
use super::reader::Step;
use crate::model::{Context, Fault, Outcome};
use crate::platform::git::pack::{InflateStream, Instruction, read_instruction, read_sizes};

/// Works out an object into a nameless temporary file, rewound.
pub(super) fn spill(packs: &mut [Pack], base: &Step, steps: &[Step]) -> Outcome<File> {
    let what = || "cannot work out a large object".to_owned();
    let mut object = tempfile::tempfile().context(what)?;
    let mut stream = InflateStream::new(packs[base.pack].file()?, base.data);
    io::copy(&mut stream, &mut object).context(what)?;
    for step in steps.iter().rev() {
        let stream = InflateStream::new(packs[step.pack].file()?, step.data);
        object = apply(&object, stream)?;
    }
    object.rewind().context(what)?;
    Ok(object)
}

fn apply(base: &File, delta: InflateStream) -> Outcome<File> {
    let what = || "cannot work out a large object".to_owned();
    let mut delta = BufReader::with_capacity(64 << 10, delta);
    let result = tempfile::tempfile().context(what)?;
    let mut output = BufWriter::with_capacity(256 << 10, result);
    let sizes = read_sizes(&mut delta).context(what)?;
    if base.metadata().context(what)?.len() != sizes.base {
        return Err(Fault::new("the pack is corrupt: a delta is meant for a base of another size"));
    }
    let mut made = 0;
    let mut buffer = vec![0; 64 << 10];
    while made < sizes.result {
        made += match read_instruction(&mut delta).context(what)? {
            Instruction::Copy { offset, length } => {
                copy(base, offset, length, &mut buffer, &mut output).context(what)?;
                length
            }
            Instruction::Take(length) => {
                io::copy(&mut (&mut delta).take(length), &mut output).context(what)?;
                length
            }
        };
    }
    if made != sizes.result {
        return Err(Fault::new("the pack is corrupt: a delta makes more than it says"));
    }
    output.into_inner().map_err(io::IntoInnerError::into_error).context(what)
}

fn copy(
    base: &File,
    mut offset: u64,
    mut length: u64,
    buffer: &mut [u8],
    output: &mut dyn Write,
) -> io::Result<()> {
    while length > 0 {
        let want = usize::try_from(length).unwrap_or(buffer.len()).min(buffer.len());
        base.read_exact_at(&mut buffer[..want], offset)?;
        output.write_all(&buffer[..want])?;
        offset += want as u64;
        length -= want as u64;
    }
    Ok(())
}
