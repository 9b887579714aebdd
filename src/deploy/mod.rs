//! The story of a push.

pub mod checks;
