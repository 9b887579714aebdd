//! Reactions to triggers.

pub mod core_post_deploy;
pub mod ports_clear;
pub mod ports_configure;
pub mod ports_get;
pub mod ports_get_available;
pub mod ports_get_property;
pub mod ports_set_detected;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_certs_remove;
pub mod post_certs_update;
pub mod post_delete;
pub mod post_domains_update;
pub mod post_proxy_ports_update;
