//! Reactions to triggers, one file each.

pub mod app_json_get_content;
pub mod app_json_process_deploy_parallelism;
pub mod core_post_extract;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod post_deploy;
pub mod post_release_builder;
pub mod pre_release_builder;
