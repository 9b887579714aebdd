//! Reactions

pub mod builder_build;
pub mod builder_detect;
pub mod post_delete;
