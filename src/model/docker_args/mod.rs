//! The docker client's options: read into a `RunPlan` or `BuildPlan`, and printed as the line an
//! operator would type. `flags` and `build_flags` are the tables.

mod build_flags;
mod build_print;
mod flags;
mod networks;
mod print;
mod run;
mod values;
mod words;

pub use build_flags::add_build_options;
pub use run::add_run_options;
pub use words::{join_words, options_of, quote, split_words};
