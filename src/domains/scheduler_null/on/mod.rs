//! Reactions to triggers, one file each.

pub mod scheduler_app_status;
