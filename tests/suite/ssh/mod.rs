//! The SSH door, knocked at by real clients.

mod clients;
pub mod door;
mod login;
mod sessions;
mod strangers;
