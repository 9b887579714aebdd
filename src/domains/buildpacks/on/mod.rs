//! Reactions

pub mod buildpack_stack_name;
pub mod post_extract;
