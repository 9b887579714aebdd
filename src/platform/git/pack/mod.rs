//! The pack format: entry headers, differences, and files read piece by piece.

mod delta;
mod entry;
mod file;

pub(super) use delta::apply_delta;
pub(super) use entry::{EntryKind, read_header, write_header};
pub(super) use file::PackFile;
