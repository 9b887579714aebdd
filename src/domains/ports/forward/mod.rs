//! Ports that the appliance's own container does not publish: small containers beside it do, and hand on what comes.

mod container;
mod keep;
mod meeting;
mod needed;

pub use keep::{follow, require, tend};
