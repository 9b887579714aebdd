//! All tests that need more than one file of the crate, in one binary.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(clippy::unwrap_used, reason = "what a test needs and does not get ends it, with the line")]
#![allow(clippy::print_stdout, reason = "what a test had to skip is said on its output")]
#![allow(clippy::disallowed_methods, reason = "tests make and look at the outside world themselves")]
#![allow(clippy::print_stderr, reason = "a failing test says what it saw")]

mod appliance;
mod commands;
mod container;
mod contract;
mod dependencies;
mod deploy;
mod domains;
mod events;
mod facade;
mod git;
mod kernel;
mod programs;
mod proxy;
mod reference;
mod sigil;
mod ssh;
mod support;
mod takeover;
mod tidy;
mod triggers;
