//! Dokku as one container. This file is the map; the rooms stand in the order in which they may
//! know each other: each may use those below it, never one above (tests/suite/tidy.rs holds that).
//!
//! `programs` are the names that the binary answers to besides its own; `init` and `server` are what runs in the container; `domains` and `external` are what a user can
//! type, native and from plugins; `deploy` is the story of a push; `triggers` the vocabulary in which
//! domains speak to each other; `kernel` what a domain is made of; `store` what is remembered, and in
//! which file; `platform` the world outside; `model` pure nouns.

pub mod programs;

pub mod init;
pub mod server;

pub mod deploy;
pub mod domains;
pub mod external;
pub mod triggers;

pub mod kernel;

pub mod store;

pub mod platform;

pub mod model;
