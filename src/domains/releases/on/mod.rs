//! Reactions to triggers, one file each.

pub mod post_app_rename_setup;
pub mod post_delete;
