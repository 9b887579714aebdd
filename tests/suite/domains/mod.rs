//! Commands, from the words a user types to what they print; mirrors `src/domains/`.

mod apps;
mod builds;
mod config;
#[allow(clippy::module_inception, reason = "mirrors the sources")]
mod domains;
mod nginx;
mod ports;
mod proxy;
mod server;
mod tables;
