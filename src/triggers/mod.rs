//! The vocabulary in which domains speak to each other and to plugins: one file per family. A
//! trigger's name is spelled here and nowhere else (contract: triggers.tsv).

mod app;
mod build;
mod builders;
mod builds;
mod certs;
mod config;
mod cron;
mod deploy;
mod docker_args;
mod domains;
mod git;
mod network;
mod nginx;
mod plugins;
mod ports;
mod processes;
mod proxy;
mod scheduler;
mod storage;

pub use app::*;
pub use build::*;
pub use builders::*;
pub use builds::*;
pub use certs::*;
pub use config::*;
pub use cron::*;
pub use deploy::*;
pub use docker_args::*;
pub use domains::*;
pub use git::*;
pub use network::*;
pub use nginx::*;
pub use plugins::*;
pub use ports::*;
pub use processes::*;
pub use proxy::*;
pub use scheduler::*;
pub use storage::*;

use crate::kernel::{self, Described};

/// The files above and the kernel's own, for the reference: a family is a file.
const FAMILIES: &[&[Described]] = &[
    app::FAMILY,
    build::FAMILY,
    builders::FAMILY,
    builds::FAMILY,
    certs::FAMILY,
    config::FAMILY,
    cron::FAMILY,
    deploy::FAMILY,
    docker_args::FAMILY,
    domains::FAMILY,
    git::FAMILY,
    network::FAMILY,
    nginx::FAMILY,
    plugins::FAMILY,
    ports::FAMILY,
    processes::FAMILY,
    proxy::FAMILY,
    scheduler::FAMILY,
    storage::FAMILY,
    kernel::ENTRY_TRIGGERS,
];

/// Every trigger there is.
pub fn all() -> impl Iterator<Item = &'static Described> {
    FAMILIES.iter().copied().flatten()
}
