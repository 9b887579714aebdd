//! Git's client side, as far as a plugin needs it: a repository from elsewhere becomes a folder, and a folder
//! says where it came from. `story.rs` tells a clone in order.
//!
//! The conversation, the index of the pack and the work tree are this room's own, on what the server side has:
//! every object passes the same checks as one that is pushed. gix's transport would start a `git` process for a
//! repository on the same disk, and its checkout would need a second set of checks.

mod archive;
mod ask;
mod checkout;
mod choose;
mod describe;
mod layout;
mod protocol;
mod remote;
mod staging;
mod story;
mod worktree_index;

pub use archive::unpack;
pub use ask::{CloneLimits, CloneRequest, Cloned};
pub use describe::{Described, describe};
pub use remote::without_login;
pub use story::clone;
