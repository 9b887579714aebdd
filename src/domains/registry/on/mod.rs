//! Reactions

pub mod post_release_builder;
