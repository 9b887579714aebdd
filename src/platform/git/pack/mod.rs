//! The pack format: entry headers, differences, and files read piece by piece.

mod delta;
mod entry;
mod file;
mod stream;

pub(super) use delta::{Instruction, apply_delta, read_instruction, read_sizes};
pub(super) use entry::{EntryKind, read_header, write_header};
pub(super) use file::Inflater;
pub(super) use stream::InflateStream;
