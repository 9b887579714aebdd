//! Reactions

pub mod builder_detect;
