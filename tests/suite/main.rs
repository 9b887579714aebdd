//! All tests that need more than one file of the crate, in one binary.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(clippy::disallowed_methods, reason = "tests make and look at the outside world themselves")]

mod dependencies;
mod domains;
mod ssh;
mod support;
mod tidy;
