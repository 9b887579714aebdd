//! What all domains get from the kernel.

mod report;
