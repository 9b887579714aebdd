//! The doors of the container: SSH, health, control. All truth stays in the volume.

mod boot;
pub mod clock;
mod control;
pub mod daemons;
pub mod events;
mod folders;
pub mod health;
pub mod liveness;
mod logging;
mod nginx;
mod places;
pub mod proxy;
mod renewal;
mod run;
pub mod session;
mod settling;
pub mod ssh;
mod take_up;
pub mod upkeep;

pub use places::Places;
pub use run::{RSA_KEY, make_rsa_key, run};
