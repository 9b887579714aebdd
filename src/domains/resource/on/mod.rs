//! Reactions to triggers, one file each.

pub mod docker_args_process_build;
pub mod docker_args_process_deploy;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod resource_get_property;
