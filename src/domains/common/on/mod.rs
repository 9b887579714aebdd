//! Reactions

pub mod deploy;
pub mod release_and_deploy;
