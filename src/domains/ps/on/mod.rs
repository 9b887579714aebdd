//! Reactions to triggers, one file each.

pub mod app_restart;
pub mod core_post_deploy;
pub mod docker_args_process_deploy;
pub mod post_app_clone;
pub mod post_app_clone_setup;
pub mod post_app_rename;
pub mod post_app_rename_setup;
pub mod post_create;
pub mod post_delete;
pub mod post_release_builder;
pub mod post_stop;
pub mod procfile_exists;
pub mod procfile_get_command;
pub mod ps_can_scale;
pub mod ps_current_scale;
pub mod ps_get_property;
pub mod ps_set_scale;
