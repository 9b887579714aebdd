//! The engine tells what happens to containers: routes follow them, their ends are written down, and an app that the
//! engine has given up is rebuilt.

mod ends;
mod heard;
mod listener;
mod rebuilds;
mod routes;
mod standing;

pub use listener::{Heeded, before_nginx, begin};
pub use rebuilds::Rebuilds;
