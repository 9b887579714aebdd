//! Reactions to triggers, one file each.

pub mod deployed_app_image_repo;
pub mod deployed_app_image_tag;
pub mod deployed_app_repository;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod post_release_builder;
