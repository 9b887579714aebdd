//! Reactions to triggers.

pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod proxy_is_enabled;
pub mod proxy_type;
