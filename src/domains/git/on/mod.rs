//! Reactions

pub mod deploy_source_set;
pub mod git_deploy_branch;
pub mod git_from_directory;
pub mod git_from_image;
pub mod git_get_property;
pub mod git_has_code;
pub mod git_revision;
pub mod post_app_clone_setup;
pub mod post_app_rename_setup;
pub mod receive_app;
