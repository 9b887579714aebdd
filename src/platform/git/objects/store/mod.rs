//! Objects read with flat memory: packs by position instead of by memory map, large content as a
//! stream. For walking trees; gix's database is for histories.

mod cache;
mod locate;
mod reader;
mod spill;

pub(in crate::platform::git) use reader::{ObjectReader, Store};
