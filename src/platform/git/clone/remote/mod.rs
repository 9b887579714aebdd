//! Where a repository is, and how one speaks to it.

mod address;
mod daemon;
mod http;
mod local;
mod login;
mod ssh;
mod stream;

use std::io::Read;

pub(super) use address::Address;
pub use address::without_login;
pub(super) use local::git_folder;

use super::ask::{CloneRequest, Deadline};
use crate::model::{Fault, Outcome};

/// A line to git-upload-pack.
pub(super) trait Transport {
    /// What the other side says first.
    fn greeting(&mut self) -> Outcome<Box<dyn Read + '_>>;

    /// Sends one request; gives what is answered.
    fn ask(&mut self, request: &[u8]) -> Outcome<Box<dyn Read + '_>>;

    /// Adds what the other side said when it broke off.
    fn explain(&mut self, fault: Fault) -> Fault {
        fault
    }
}

/// A file from a server, piece by piece.
pub(super) fn download(
    address: &address::HttpAddress,
    request: &CloneRequest<'_>,
    deadline: Deadline,
) -> Outcome<Box<dyn Read>> {
    http::download(address, request.env, deadline)
}

/// Dials the other side.
pub(super) fn connect(
    address: &Address,
    request: &CloneRequest<'_>,
    deadline: Deadline,
) -> Outcome<Box<dyn Transport>> {
    Ok(match address {
        Address::Http(address) => Box::new(http::Http::new(address, request.env, deadline)?),
        Address::Ssh(address) => Box::new(ssh::connect(address, request, deadline)?),
        Address::Daemon(address) => Box::new(daemon::connect(address, deadline)?),
        Address::Local(path) => Box::new(local::connect(path)?),
    })
}
