//! What tests share.

pub mod sources;
mod world;

pub use world::World;
