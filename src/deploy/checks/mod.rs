//! Whether a container works: the checks that a new one must pass before anything is sent to it, and the single try of
//! which `dokku serve` makes those that go on (contract: formats.md section 5.3). One container's checks run side by side.

mod attempt;
mod inside;
mod listening;
mod on_failure;
mod once;
mod plan;
mod run;

pub use on_failure::tell;
pub use once::{Subject, Unwell, headers, once};
pub use plan::{Check, Defaults, lasting};
pub use run::{Target, Verdict, pass, print_output};
