//! The git room against the real `git`: it is the client, and it judges with `git fsck` what we stored.

mod bad_packs;
mod bad_requests;
mod clone_servers;
mod clones;
mod cut_off;
mod door;
mod fetches;
mod fuzz;
mod kills;
mod pushes;
mod sandbox;
mod trees;
mod upkeep;

pub use cut_off::CutOff;
