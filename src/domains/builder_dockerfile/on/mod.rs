//! Reactions

pub mod builder_build;
pub mod builder_detect;
