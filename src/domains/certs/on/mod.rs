//! Reactions to triggers, one file each.

pub mod certs_exists;
pub mod certs_get;
pub mod certs_remove;
pub mod certs_set;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
