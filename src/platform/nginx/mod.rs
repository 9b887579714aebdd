//! The nginx of the container: tests configurations, has them put to work, and knows when they are.

mod contained;
mod logs;
mod reload;
mod streams;
mod test;

pub use contained::{Contained, contained};
pub use logs::rotate;
pub use test::{Set, Words};

/// Which context of nginx a file is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Server blocks of HTTP.
    Http,
    /// Ports that are passed on.
    Stream,
}

impl Part {
    /// Both.
    pub const ALL: [Part; 2] = [Part::Http, Part::Stream];
}

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

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
    /// The same for ports that are passed on.
    pub streams: PathBuf,
    /// A folder that the main configuration includes at its top level.
    pub top: PathBuf,
    /// A file that is included too, and says which generation is at work.
    pub generation_file: PathBuf,
    /// Where that generation is told.
    pub generation_address: SocketAddr,
}

impl Nginx {
    /// The folder of what is at work in a context.
    pub fn folder(&self, part: Part) -> &Path {
        match part {
            Part::Http => &self.active,
            Part::Stream => &self.streams,
        }
    }
}
