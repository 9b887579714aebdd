//! The functions a template may call: Go's own, and those of sigil.

mod data;
mod files;
mod jmespath;
mod lists;
mod table;
mod texts;

pub use table::{Function, Parameter, Work, find, knows};
