//! Liveness checks of apps, for as long as their containers live: a container that fails one is restarted, and
//! `ps:history` tells why. Each container that has such checks is attended to by one task; where no app has any, nothing runs
//! and nothing is kept.

mod attend;
mod judge;
mod pace;
mod restart;
mod watch;
mod world;

pub use restart::finish;
pub use watch::{Look, Watch};
pub use world::World;

use world::Place;
