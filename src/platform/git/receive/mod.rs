//! git-receive-pack: what a push says, the quarantine its objects arrive in, the checks, the
//! decision of the one above, and the references that change. `story.rs` tells it in order.

mod advertise;
mod apply;
mod held;
mod index;
mod push;
mod quarantine;
mod refusal;
mod repack;
mod report;
mod request;
mod story;

pub use held::{HeldPush, HeldUpdate};
pub(super) use index::{IndexRequest, index_pack};
pub use push::{Later, Limits, Push, ReceiveOptions, Received, Receiver, RefResult, RefUpdate, Verdict};
pub(super) use quarantine::{is_owned, quarantines, seal_packs};
pub(super) use repack::repack;
pub use story::{receive_held, receive_pack};
