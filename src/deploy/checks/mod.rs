//! Whether a new container works: the checks it must pass before anything is sent to it
//! (contract: formats.md section 5.3). One container's checks run side by side.

mod attempt;
mod listening;
mod plan;
mod run;

pub use run::{Target, Verdict, pass, print_output};
