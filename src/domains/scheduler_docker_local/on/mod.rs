//! Reactions

pub mod scheduler_deploy;
