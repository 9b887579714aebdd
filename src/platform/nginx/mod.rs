//! The nginx of the container: tests configurations, has them put to work, and knows when they are.

mod contained;
mod logs;
mod reload;
mod test;

pub use contained::{Contained, contained};
pub use logs::rotate;
pub use test::{Set, Words};

use std::net::SocketAddr;
use std::path::PathBuf;

/// Where this nginx has what.
#[derive(Clone, Debug)]
pub struct Nginx {
    /// The program.
    pub program: PathBuf,
    /// Its main configuration.
    pub configuration: PathBuf,
    /// Where it writes its number.
    pub pid_file: PathBuf,
    /// Where it says what went wrong.
    pub error_log: PathBuf,
    /// The folder of configurations that are at work, included by the main one.
    pub active: PathBuf,
    /// A file that is included too, and says which generation is at work.
    pub generation_file: PathBuf,
    /// Where that generation is told.
    pub generation_address: SocketAddr,
}
