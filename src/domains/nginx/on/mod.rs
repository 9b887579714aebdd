//! Reactions to triggers.

pub mod core_post_deploy;
pub mod core_post_extract;
pub mod post_app_clone;
pub mod post_app_clone_setup;
pub mod post_app_rename;
pub mod post_app_rename_setup;
pub mod post_create;
pub mod post_delete;
pub mod post_domains_update;
pub mod post_proxy_ports_update;
pub mod pre_disable_vhost;
pub mod pre_enable_vhost;
pub mod proxy_build_config;
pub mod proxy_clear_config;
pub mod proxy_disable;
pub mod proxy_enable;
pub mod scheduler_post_deploy_process;
