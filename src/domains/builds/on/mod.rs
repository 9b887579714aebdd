//! Reactions to triggers, one file each.

pub mod builds_generate_id;
pub mod builds_record_finalize;
pub mod builds_record_start;
pub mod post_app_rename_setup;
pub mod post_delete;
