//! Routes put to work, one batch after the other: whoever waits shares a test and a reload with all who
//! wait too.

mod activate;
mod fulfil;
mod kept;
mod look;
mod own_name;
mod pace;
mod pages;
mod places;
mod prepare;
mod queue;

pub use queue::Proxy;
