//! What all domains get from the kernel.

mod flags;
mod report;
