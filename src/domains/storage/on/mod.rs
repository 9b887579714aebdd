//! Reactions to triggers, one file each.

pub mod docker_args_deploy;
pub mod docker_args_run;
pub mod install;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod storage_app_mounts;
pub mod storage_list;
