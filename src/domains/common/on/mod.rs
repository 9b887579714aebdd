//! Reactions

pub mod core_post_deploy;
pub mod deploy;
pub mod post_app_rename_setup;
pub mod post_delete;
pub mod pre_restore;
pub mod release_and_deploy;
