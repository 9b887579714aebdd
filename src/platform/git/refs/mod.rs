//! References: the loose files under `refs/`, the `packed-refs` file, and how both change safely.
//!
//! Our own on purpose: gix's reference store never fsyncs, does not see that `a` and `a/b` exclude
//! each other across the two forms, and takes "must not exist" for true when the value is the same.

mod change;
mod lockfile;
mod packed;
mod read;

pub use change::{Expected, RefChange, Storage};
pub(super) use lockfile::sweep_locks;
pub use read::{Reference, Refs};

/// Why git forbids this reference name; `None` when it is fine. Names outside `refs/` are forbidden here.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    if !name.starts_with("refs/") || gix_validate::reference::name(name.into()).is_err() {
        return Some("funny refname");
    }
    // The longest file name of common file systems, less what a lock file adds.
    if name.len() > 1000 || name.split('/').any(|part| part.len() > 240) {
        return Some("reference name too long");
    }
    None
}
