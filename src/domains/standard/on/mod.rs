//! Reactions to triggers, one file each.

pub mod report;
