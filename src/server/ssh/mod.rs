//! The SSH door: public keys only, one process per command, nothing is forwarded.
//!
//! `listener` accepts and limits, `handler` is one connection, `channel` one command in it.

mod channel;
mod handler;
mod input;
mod limits;
mod listener;
mod login;
mod sessions;
mod settings;
mod signals;

pub use limits::Limits;
pub use listener::Door;
pub use settings::Settings;
