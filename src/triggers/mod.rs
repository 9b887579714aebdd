//! The vocabulary in which domains speak to each other and to plugins: one file per family. A
//! trigger's name is spelled here and nowhere else (contract: triggers.tsv).

mod app;

pub use app::*;
