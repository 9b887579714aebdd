//! Reactions that other proxies do not share.

pub mod core_post_deploy;
pub mod core_post_extract;
pub mod post_delete;
