//! Reactions to triggers, one file each.

pub mod docker_args_process_deploy;
pub mod logs_get_property;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
