//! The vocabulary in which domains speak to each other and to plugins: one file per family. A
//! trigger's name is spelled here and nowhere else (contract: triggers.tsv).

mod app;
mod build;
mod deploy;
mod docker_args;
mod git;

pub use app::*;
pub use build::*;
pub use deploy::*;
pub use docker_args::*;
pub use git::*;
