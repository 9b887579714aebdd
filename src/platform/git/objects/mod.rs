//! Objects: the database they stand in, what they consist of, and what is wrong with bad ones.

mod check;
mod database;
mod parse;
mod store;

pub(super) use check::{Link, check, check_name};
pub use database::{Kind, Object, Objects};
pub(super) use parse::{EntryMode, TreeEntries, parse_commit, parse_tag};
pub(super) use store::{ObjectReader, Store};
