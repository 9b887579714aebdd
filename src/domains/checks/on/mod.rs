//! Reactions to triggers, one file each.

pub mod checks_get_property;
pub mod post_delete;
