//! Reactions to triggers, one file each.

pub mod app_create;
pub mod app_destroy;
pub mod app_exists;
pub mod app_list;
pub mod app_maybe_create;
pub mod deploy_source_set;
pub mod post_create;
pub mod post_delete;
