//! One set of checks for each platform trait, run on the fake always and on the real thing where there
//! is one. That keeps the fake honest.

mod docker;
mod docker_builds;
mod docker_networks;
mod docker_streams;
mod plugins;
