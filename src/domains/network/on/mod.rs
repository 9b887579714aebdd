//! Reactions to triggers.

pub mod docker_args_process_build;
pub mod docker_args_process_deploy;
pub mod docker_args_process_run;
pub mod network_build_config;
pub mod network_config_exists;
pub mod network_get_ipaddr;
pub mod network_get_listeners;
pub mod network_get_property;
pub mod network_get_static_listeners;
pub mod network_write_ipaddr;
pub mod network_write_port;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_container_create;
pub mod post_delete;
