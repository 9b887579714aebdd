//! PID 1: reaps for everybody, forwards the end, and keeps nginx and `dokku serve` alive. No tokio
//! (whose own waiting for children a reaper would rob), no threads, nothing that can block.

pub mod forward;
mod kept;
mod run;

pub use run::{Orders, run};
