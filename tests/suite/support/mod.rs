//! What tests share.

pub mod fake_docker;
mod fake_docker_calls;
pub mod sources;
mod world;

pub use fake_docker::FakeDocker;
pub use world::World;
