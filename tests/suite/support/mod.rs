//! What tests share.

pub mod appliance;
pub mod authority;
pub mod backends;
mod deployed;
pub mod engine;
pub mod fake_docker;
mod fake_docker_calls;
mod fake_docker_echo;
mod fake_docker_images;
mod fake_docker_values;
mod fake_proxy;
pub mod http;
pub mod load;
pub mod pebble;
pub mod processes;
pub mod registry;
pub mod repository;
pub mod shell;
pub mod sources;
pub mod wait;
mod world;

pub use appliance::Appliance;
pub use deployed::{deployed, deployed_writing, have_release_image};
pub use fake_docker::{FakeDocker, PlannedExec, PlannedRun};
pub use fake_proxy::FakeProxy;
pub use repository::Repository;
pub use world::{Said, World};
