//! What tests share.

mod world;

pub use world::World;
