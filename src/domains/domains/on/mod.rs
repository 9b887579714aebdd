//! Reactions to triggers.

pub mod core_post_deploy;
pub mod domains_add;
pub mod domains_disable;
pub mod domains_enable;
pub mod domains_list;
pub mod domains_urls;
pub mod domains_vhost_enabled;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_create;
