//! git-upload-pack: what a clone or a fetch asks for, which objects that takes, and the pack of them.
//! Protocol v0 and v1 (`v0.rs`) and v2 (`v2.rs`) differ in talk only.

mod archive;
mod history;
mod negotiate;
mod pack;
mod select;
mod serve;
mod v0;
mod v2;
mod wanted;

pub use archive::upload_archive;
pub(super) use pack::write_pack;
pub(super) use select::reachable;
pub use serve::upload_pack;
