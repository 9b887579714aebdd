//! Reactions

pub mod deploy;
pub mod pre_restore;
pub mod release_and_deploy;
