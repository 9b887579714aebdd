//! Objects: the database they stand in, what they consist of, and what is wrong with bad ones.

mod check;
mod database;
mod parse;

pub(super) use check::{Link, check};
pub use database::{Kind, Object, Objects};
pub(super) use parse::parse_commit;
