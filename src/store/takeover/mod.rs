//! What older releases of Dokku left on the volume, in their forms, becomes what today's read (contract: layout.md sections 3
//! and 5, commands.yaml config_vars_migrated_to_properties). Nothing old goes before the new form is on disk, each step may
//! be done again, and a report says what was done.

mod containers;
pub mod env;
mod mounts;
mod old_file;
mod options;
mod report;
mod rest;
mod scale;
mod variables;
mod volume;

pub use mounts::{adopt as adopt_mounts, is_adopted as are_mounts_adopted};
pub use report::{Note, Report};
pub use rest::{Pending, pending, settle};
pub use volume::take_over;
