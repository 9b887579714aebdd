//! What is remembered, and in which file.

pub mod keys;
