//! Git on the gix plumbing crates, without a `git` process: the repositories of the apps, what a push
//! does to them, what a clone takes from them, trees read without a checkout, and clones of others.
//!
//! An object enters a repository only after its links were checked (`receive`), so that whatever is
//! in the object database is complete. References change under one lock per repository.

mod clone;
mod collect;
mod commit;
mod complete;
mod config;
mod consolidate;
mod objects;
mod pack;
mod receive;
mod refs;
mod repository;
mod tree;
mod upload;
mod wire;

pub use clone::{CloneLimits, CloneRequest, Cloned, Described, clone, describe, unpack, without_login};
pub use collect::Collected;
pub use commit::CommitPlan;
pub use gix_hash::ObjectId;
pub use objects::{Kind, Object, Objects};
pub use receive::{
    HeldPush, HeldUpdate, Later, Limits, Push, ReceiveOptions, Received, Receiver, RefResult, RefUpdate,
    Verdict, receive_held, receive_pack,
};
pub use refs::{Expected, RefChange, Reference, Storage};
pub use repository::{CommitInfo, Repository};
pub use tree::{FileKind, Found, Next, Tree};
pub use upload::{upload_archive, upload_pack};
pub use wire::{Progress, Protocol};
