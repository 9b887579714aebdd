//! Reactions

pub mod builder_build;
pub mod builder_detect;
pub mod builder_herokuish_allowed;
pub mod builder_release;
pub mod docker_args;
pub mod post_delete;
pub mod post_stack_set;
